using System.Diagnostics;
using System.Globalization;
using Omis.Agent.Engine.Tests.Kit;

namespace Omis.Agent.Bench;

/// <summary>What the service needs while it has nothing to do.</summary>
internal static class Resident
{
    private const int Containers = 30;
    private const double Allowed = 40;
    private const double AllowedListening = 50;

    public static async Task<bool> RunAsync(LabEngine engine, BenchOptions options)
    {
        await using var crowd = await Crowd.UpAsync(engine, Containers, Containers);
        return await IdleAsync(crowd, options, null) & await IdleAsync(crowd, options, new Registrar());
    }

    /// <param name="registrar">Who tells of pushes once a cycle; null where no port is open.</param>
    private static async Task<bool> IdleAsync(Crowd crowd, BenchOptions options, Registrar? registrar)
    {
        using var _ = registrar;
        Report.Section($"the service over {Containers} containers of {Containers} images, idle after {options.Cycles} cycles{(registrar is null ? "" : " and as many webhooks")}");
        await using var home = crowd.Agent();
        home.Configure(registrar?.Config ?? "{}", """{ "check": { "every": "1s", "jitter": "0%", "debounce": "0s" } }""");
        var (asked, clock) = ((await crowd.AskedAsync()).Length, Stopwatch.StartNew());
        var agent = home.Start("run");
        await agent.SaysAsync("Checked:");
        var first = clock.Elapsed.TotalMilliseconds;
        for (var cycle = 1; cycle <= options.Cycles; cycle++)
        {
            await (registrar?.PushedAsync(Lab.Current.Registry.Address, crowd.Prefix + "/n0") ?? Task.FromResult(0));
            await Eventually.BeAsync($"{cycle} cycles", async () => (await crowd.AskedAsync()).Length >= asked + (cycle * Containers), TimeSpan.FromSeconds(60));
        }

        await Task.Delay(500);
        var status = await File.ReadAllLinesAsync($"/proc/{agent.Id}/status");
        var (now, most, allowed) = (Megabytes(status, "VmRSS"), Megabytes(status, "VmHWM"), registrar is null ? Allowed : AllowedListening);
        Report.Line($"resident {now:0.0} MB ({Megabytes(status, "RssAnon"):0.0} its own, {Megabytes(status, "RssFile"):0.0} of files), at most {most:0.0} MB; {Value(status, "Threads")} threads");
        Report.Line($"binary {new FileInfo(AgentHome.Binary).Length / 1e6:0.0} MB; start to first check finished {first:0} ms");
        return Report.Target(now <= allowed, $"resident {now:0.0} MB, allowed {allowed:0}");
    }

    /// <summary>Of the kernel's "NAME:   12345 kB", which are units of 1024 bytes.</summary>
    private static double Megabytes(string[] status, string name) => Value(status, name) * 1024 / 1e6;

    private static long Value(string[] status, string name) =>
        long.Parse(status.Single(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
}
