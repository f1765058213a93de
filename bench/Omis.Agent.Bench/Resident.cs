using System.Diagnostics;
using System.Globalization;
using Omis.Agent.Engine.Tests.Kit;

namespace Omis.Agent.Bench;

/// <summary>What the service needs while it has nothing to do.</summary>
internal static class Resident
{
    private const int Containers = 30;
    private const double Allowed = 40;

    public static async Task<bool> RunAsync(LabEngine engine, BenchOptions options)
    {
        Report.Section($"the service over {Containers} containers of {Containers} images, idle after {options.Cycles} cycles");
        await using var crowd = await Crowd.UpAsync(engine, Containers, Containers);
        await using var home = crowd.Agent("""{ "check": { "every": "1s", "jitter": "0%" } }""");
        var clock = Stopwatch.StartNew();
        var agent = home.Start("run");
        await agent.SaysAsync("Checked:");
        var first = clock.Elapsed.TotalMilliseconds;
        await Eventually.BeAsync($"{options.Cycles} cycles", async () => (await crowd.AskedAsync()).Length >= options.Cycles * Containers, TimeSpan.FromSeconds(60 + (5 * options.Cycles)));
        await Task.Delay(500);

        var status = await File.ReadAllLinesAsync($"/proc/{agent.Id}/status");
        var (now, most) = (Megabytes(status, "VmRSS"), Megabytes(status, "VmHWM"));
        Report.Line($"resident {now:0.0} MB ({Megabytes(status, "RssAnon"):0.0} its own, {Megabytes(status, "RssFile"):0.0} of files), at most {most:0.0} MB; {Value(status, "Threads")} threads");
        Report.Line($"binary {new FileInfo(AgentHome.Binary).Length / 1e6:0.0} MB; start to first check finished {first:0} ms");
        return Report.Target(now <= Allowed, $"resident {now:0.0} MB, allowed {Allowed:0}");
    }

    /// <summary>Of the kernel's "NAME:   12345 kB", which are units of 1024 bytes.</summary>
    private static double Megabytes(string[] status, string name) => Value(status, name) * 1024 / 1e6;

    private static long Value(string[] status, string name) =>
        long.Parse(status.Single(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
}
