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
        using var registrar = new Registrar();
        Visits[] all =
        [
            // Below a file there can be no socket: what the service is without its API.
            new("nobody can ask it", """{ "control": { "socket": "/dev/null/none" } }""", () => Task.CompletedTask, Allowed),
            new("on its socket alone", "{}", () => Task.CompletedTask, Allowed),
            new("its metrics read in each cycle", registrar.Config, registrar.ScrapeAsync, AllowedListening),
            new("a webhook in each cycle", registrar.Config, () => registrar.PushedAsync(Lab.Current.Registry.Address, crowd.Prefix + "/n0"), AllowedListening),
        ];
        var met = true;
        foreach (var visits in all)
        {
            met &= await IdleAsync(crowd, options, visits);
        }

        return met;
    }

    private static async Task<bool> IdleAsync(Crowd crowd, BenchOptions options, Visits visits)
    {
        Report.Section($"the service over {Containers} containers of {Containers} images, idle after {options.Cycles} cycles, {visits.Name}");
        await using var home = crowd.Agent();
        home.Configure(visits.Config, """{ "check": { "every": "1s", "jitter": "0%", "debounce": "0s" } }""");
        var (asked, clock) = ((await crowd.AskedAsync()).Length, Stopwatch.StartNew());
        var agent = home.Start("run");
        await agent.SaysAsync("Checked:");
        var first = clock.Elapsed.TotalMilliseconds;
        var spent = CpuTime(agent.Id);
        for (var cycle = 1; cycle <= options.Cycles; cycle++)
        {
            await visits.Come();
            await Eventually.BeAsync($"{cycle} cycles", async () => (await crowd.AskedAsync()).Length >= asked + ((cycle + 1) * Containers), TimeSpan.FromSeconds(60));
        }

        await Task.Delay(500);
        var status = await File.ReadAllLinesAsync($"/proc/{agent.Id}/status");
        var (now, most) = (Megabytes(status, "VmRSS"), Megabytes(status, "VmHWM"));
        Report.Line($"resident {now:0.0} MB ({Megabytes(status, "RssAnon"):0.0} its own, {Megabytes(status, "RssFile"):0.0} of files), at most {most:0.0} MB; {Value(status, "Threads")} threads");
        Report.Line($"CPU of a cycle {(CpuTime(agent.Id) - spent).TotalMilliseconds / options.Cycles:0} ms");
        Report.Line($"binary {new FileInfo(AgentHome.Binary).Length / 1e6:0.0} MB; start to first check finished {first:0} ms");
        return Report.Target(now <= visits.Allowed, $"resident {now:0.0} MB, allowed {visits.Allowed:0}");
    }

    /// <summary>User and system, in the kernel's ticks of 10 ms. Source: proc(5), /proc/pid/stat, fields 14 and 15.</summary>
    private static TimeSpan CpuTime(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromMilliseconds(10 * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)));
    }

    /// <summary>Of the kernel's "NAME:   12345 kB", which are units of 1024 bytes.</summary>
    private static double Megabytes(string[] status, string name) => Value(status, name) * 1024 / 1e6;

    private static long Value(string[] status, string name) =>
        long.Parse(status.Single(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    /// <param name="Come">What somebody wants of it once a cycle.</param>
    /// <param name="Allowed">Megabytes.</param>
    private sealed record Visits(string Name, string Config, Func<Task> Come, double Allowed);
}
