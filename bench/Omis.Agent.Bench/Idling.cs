using Omis.Agent.Engine.Tests.Kit;

namespace Omis.Agent.Bench;

/// <summary>What a cycle costs in which there is nothing to do.</summary>
internal static class Idling
{
    public static async Task<bool> RunAsync(LabEngine engine, BenchOptions options) =>
        await CycleAsync(engine, options.Rounds, 30, 30) & await CycleAsync(engine, options.Rounds, 100, 10);

    private static async Task<bool> CycleAsync(LabEngine engine, int rounds, int containers, int images)
    {
        Report.Section($"idle cycle: run --once over {containers} containers of {images} images");
        await using var crowd = await Crowd.UpAsync(engine, containers, images);
        await using var home = crowd.Agent();
        var (wall, cpu, met) = (new List<double>(), new List<double>(), true);
        for (var round = 1; round <= rounds; round++)
        {
            var (asked, calls, spent) = ((await crowd.AskedAsync()).Length, home.Proxy.Calls.Length, Children.CpuTime());
            var result = (await home.CycleAsync()).Exits(0);
            wall.Add(result.Took.TotalMilliseconds);
            cpu.Add((Children.CpuTime() - spent).TotalMilliseconds);
            var requests = (await crowd.AskedAsync()).Skip(asked).ToList();
            var heads = requests.Count(request => request is { Method: "HEAD", Kind: "manifests" });
            var touches = home.Proxy.Calls.Skip(calls).Count(call => call.IsTouch);
            var fine = heads == images && requests.Count == images && touches == 0;
            met &= fine || Report.Target(fine, $"round {round}: {heads} HEADs of {requests.Count} requests, {touches} calls that change the engine");
        }

        Report.Line($"wall {Report.Median(wall):0} ms, CPU {Report.Median(cpu):0} ms (medians of {rounds})");
        return met && Report.Target(met, $"{images} HEADs at the registry, no other request, no pull");
    }
}
