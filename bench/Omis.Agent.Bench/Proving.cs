using Omis.Agent.Engine.Tests.Kit;

namespace Omis.Agent.Bench;

/// <summary>
/// What it costs to prove, before the old container stops, that the new one lost nothing: from the engine's answer to
/// the creation to the agent's next step. Nothing is down meanwhile.
/// </summary>
internal static class Proving
{
    public static async Task<bool> RunAsync(LabEngine engine, BenchOptions options)
    {
        Report.Section("proof that the new container lost nothing, of one service's swap");
        await using var fleet = await Fleet.UpAsync(engine, ["web"]);
        await using var agent = fleet.Stack.Agent();
        var (proofs, rollouts) = (new List<double>(), new List<double>());
        for (var round = 1; round <= options.Rounds; round++)
        {
            await fleet.PushAsync($"{round}");
            var before = agent.Proxy.Calls.Length;
            (await agent.CycleAsync()).Exits(0);
            var calls = agent.Proxy.Calls.Skip(before).ToList();
            var created = calls.FindIndex(call => call is { Method: "POST", Path: "/containers/create" });
            var seen = calls.FindIndex(created, call => call.Method == "GET" && call.Path.StartsWith("/containers/", StringComparison.Ordinal));
            proofs.Add((calls[seen + 1].Asked - calls[created].Answered).TotalMilliseconds);
            rollouts.Add((calls[^1].Answered - calls[0].Asked).TotalMilliseconds);
        }

        Report.Line($"proof {Report.Median(proofs):0.0} ms ({string.Join(' ', proofs.Select(proof => FormattableString.Invariant($"{proof:0.0}")))}), of {Report.Median(rollouts):0} ms of a whole cycle; medians of {options.Rounds}");
        return true;
    }
}
