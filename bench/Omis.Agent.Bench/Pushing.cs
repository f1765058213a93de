using System.Diagnostics;
using System.Globalization;
using Omis.Agent.Engine.Tests.Kit;
using Omis.Agent.Testing;

namespace Omis.Agent.Bench;

/// <summary>
/// From a registry's webhook to the rollout: the service's own first request to the engine that changes anything, which
/// is the pull. Of that, the debounce is waited on purpose; what is left is the work. And from the verdict, as the rollout's
/// record has it, to the notice of it: until the request has come.
/// </summary>
internal static class Pushing
{
    private const int Rounds = 20;
    private const double Allowed = 500;

    public static async Task<bool> RunAsync(LabEngine engine, BenchOptions options) =>
        await PushAsync(engine, TimeSpan.FromSeconds(2)) & await PushAsync(engine, TimeSpan.Zero);

    private static async Task<bool> PushAsync(LabEngine engine, TimeSpan debounce)
    {
        Report.Section($"push: webhook sent -> rollout begun, check.debounce {debounce.TotalSeconds:0} s");
        await using var fleet = await Fleet.UpAsync(engine, ["web"]);
        using var registrar = new Registrar();
        await using var told = await ChannelServer.StartAsync();
        await using var home = fleet.Stack.Agent();
        home.Configure(registrar.Config, $$"""{ "check": { "debounce": "{{debounce.TotalSeconds:0}}s" }, "defaults": { "healthy": { "stableFor": "0s" } }, "notify": { "webhook": [ { "url": "{{told.Url}}" } ] } }""");
        var agent = home.Start("run");
        await registrar.ReadyAsync();
        var (whole, work) = (new List<double>(), new List<double>());
        for (var round = 1; round <= Rounds; round++)
        {
            whole.Add(await RoundAsync(fleet, registrar, home, agent, round));
            work.Add(whole[^1] - debounce.TotalMilliseconds);
        }

        Report.Timing("webhook -> rollout", whole, whole);
        Report.Timing("less the debounce", work, work);
        await Eventually.BeAsync("every rollout is told", () => told.Posts.Length >= Rounds);
        var telling = told.Posts.Select(notice => (notice.At - notice.Json.GetProperty("data").GetProperty("endedAt").GetDateTimeOffset()).TotalMilliseconds).ToList();
        Report.Timing("verdict -> notice", telling, telling);
        return Report.Target(Report.Median(work) <= Allowed, $"{Report.Median(work):0} ms beside the debounce, allowed {Allowed:0}; medians of {Rounds}");
    }

    private static async Task<double> RoundAsync(Fleet fleet, Registrar registrar, AgentHome home, AgentProcess agent, int round)
    {
        await fleet.PushAsync(round.ToString(CultureInfo.InvariantCulture));
        var (before, sent) = (home.Proxy.Calls.Length, Stopwatch.GetElapsedTime(0));
        await registrar.PushedAsync(fleet.Stack, "web");
        await Eventually.BeAsync($"rollout {round} is committed", () => agent.Errors.Split(": Committed").Length > round);
        var began = home.Proxy.Calls.Skip(before).First(call => call.IsTouch);
        return (began.Asked - sent).TotalMilliseconds;
    }
}
