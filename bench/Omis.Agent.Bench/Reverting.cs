using System.Globalization;
using Omis.Agent.Engine.Tests.Kit;

namespace Omis.Agent.Bench;

/// <summary>How long it takes from the failing verdict until the old container answers again.</summary>
internal static class Reverting
{
    private const double Allowed = 1.3;

    public static async Task<bool> RunAsync(LabEngine engine, BenchOptions options)
    {
        Report.Section("revert of web, which serves but fails its probe: from the failing verdict to the old container's first answer");
        await using var still = await Fleet.UpAsync(engine, ["web"]);
        await using var moving = await Fleet.UpAsync(engine, ["web"]);
        await using var home = moving.Stack.Agent(Config(moving));
        var (floor, agent, told) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 1; round <= options.Rounds; round++)
        {
            var bad = TestImage.Failing("web", "bad" + round.ToString(CultureInfo.InvariantCulture));
            floor.Add(await FloorAsync(still, bad));
            var (seen, says) = await AgentAsync(moving, home, bad);
            agent.Add(seen);
            told.Add(says);
        }

        Report.Timing("floor", floor, floor);
        Report.Timing("omis-agent", agent, floor);
        Report.Timing("its own revertMs", told, floor);
        var ratio = Report.Median(agent) / Report.Median(floor);
        return Report.Target(ratio <= Allowed, $"agent {ratio:0.00} x floor, allowed {Allowed:0.0}");
    }

    private static string Config(Fleet fleet) => $$"""
        { "projects": { "{{fleet.Stack.Prefix}}": { "services": { "web": {
          "probes": [ { "http": "http://127.0.0.1:{port:8080}/health" } ],
          "healthy": { "stableFor": "1s", "deadline": "5s" } } } } } }
        """;

    /// <summary>The failing container stopped and the good one started again over the engine's raw API.</summary>
    private static async Task<double> FloorAsync(Fleet fleet, TestImage bad)
    {
        var engine = fleet.Stack.Engine;
        var good = await fleet.Stack.ContainerAsync("web");
        var made = await Floor.CreateBesideAsync(engine, good, await fleet.Stack.PushAsync("web", bad, "bad"));
        await Floor.SwapAsync(engine, good.Id, made);
        await using (var watching = await fleet.WatchAsync())
        {
            var from = DateTime.UtcNow;
            await Floor.SwapAsync(engine, made, good.Id);
            await watching.AnswersAsync("web", "0");
            await engine.RemoveAsync(made);
            return (watching.FirstAnswer("web", "0", from)!.Value - from).TotalMilliseconds;
        }
    }

    private static async Task<(double Seen, double Says)> AgentAsync(Fleet fleet, AgentHome home, TestImage bad)
    {
        await fleet.Stack.PushAsync("web", bad);
        await using var watching = await fleet.WatchAsync();
        var agent = home.Start("run", "--once", "--json");
        var verdict = await VerdictAsync(agent);
        var result = (await agent.EndAsync()).Exits(4);
        await watching.AnswersAsync("web", "0");
        var seen = watching.FirstAnswer("web", "0", verdict)!.Value - verdict;
        return (seen.TotalMilliseconds, result.Rollouts[^1]["steps"]![0]!["revertMs"]!.GetValue<double>());
    }

    /// <summary>The moment in which the agent says that the new container failed.</summary>
    private static async Task<DateTime> VerdictAsync(AgentProcess agent)
    {
        while (!agent.HasExited && !agent.Errors.Contains("/web: failing", StringComparison.Ordinal))
        {
            await Task.Delay(1);
        }

        return DateTime.UtcNow;
    }
}
