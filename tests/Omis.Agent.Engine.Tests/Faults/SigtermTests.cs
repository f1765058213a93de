namespace Omis.Agent.Engine.Tests.Faults;

/// <summary>The agent is told to stop in each phase of a rollout, twice.</summary>
public sealed class SigtermTests
{
    [Theory, EachLeg]
    public async Task In_the_pull_nothing_was_touched(string leg)
    {
        await using var registry = await RegistryProxy.StartAsync();
        await using var update = await PullFaultTests.LargeAsync(leg, registry);
        var rule = registry.On("GET", "/v2/*/blobs/*", RegistryFault.StallInBody(300_000));
        var agent = update.Begin();
        await rule.HitAsync();
        await StopsAsync(agent, "failed cancelled");
        await update.IsUntouchedAsync();
        rule.Remove();
        await update.TakesTheUpdateAsync();
    }

    [Fact]
    public async Task In_staging_nothing_was_touched()
    {
        await using var update = await StartAsync();
        var agent = update.Begin();
        await StopsAtAsync(update.Engine.After("POST", "/containers/create", Hold(agent), times: 1), agent, "failed cancelled");
        await update.IsUntouchedAsync();
        await update.TakesTheUpdateAsync();
    }

    [Theory]
    [InlineData("/containers/*/rename")]
    [InlineData("/containers/*/stop")]
    [InlineData("/containers/*/start")]
    public async Task In_the_swap_it_goes_back(string call)
    {
        await using var update = await StartAsync();
        var agent = update.Begin();
        await StopsAtAsync(update.Engine.Before("POST", call, Hold(agent), times: 1, skip: 1), agent, "reverted cancelled");
        await GoesOnAsync(update);
    }

    [Fact]
    public async Task In_the_probing_it_goes_back()
    {
        await using var update = await StartAsync("""{ "defaults": { "revertBudget": "20s", "healthy": { "stableFor": "50s", "deadline": "90s" } } }""");
        var agent = update.Begin();
        await agent.SaysAsync("probing");
        await StopsAsync(agent, "reverted cancelled");
        update.Home.Configure(PendingUpdate.ShortRules);
        await GoesOnAsync(update);
    }

    [Fact]
    public async Task In_the_soak_it_goes_back()
    {
        await using var update = await StartAsync("""{ "defaults": { "soak": "60s" } }""");
        var agent = update.Begin();
        await agent.SaysAsync("soaking");
        await StopsAsync(agent, "reverted cancelled");
        update.Home.Configure(PendingUpdate.ShortRules);
        await GoesOnAsync(update);
    }

    private static Task<PendingUpdate> StartAsync(string config = "{}") =>
        PendingUpdate.StartAsync(Lab.Current.Engines[^1], new Wanted { Services = ["api", "web"], Config = config });

    /// <summary>Signals while the call is under way, so that the agent hears both at once.</summary>
    private static Func<EngineCall, Task<Verdict>> Hold(AgentProcess agent) => _ =>
    {
        agent.Terminate();
        return Task.FromResult(Verdict.Pass);
    };

    private static async Task StopsAtAsync(ProxyRule moment, AgentProcess agent, string outcome)
    {
        await moment.HitAsync();
        await StopsAsync(agent, outcome);
    }

    private static async Task StopsAsync(AgentProcess agent, string outcome)
    {
        agent.Terminate();
        agent.Terminate();
        (await agent.EndAsync(TimeSpan.FromSeconds(60))).Exits(0).Ended(outcome);
    }

    private static async Task GoesOnAsync(PendingUpdate update)
    {
        await update.RunsEverywhereAsync("1");
        Assert.Equal(update.Old.Select(container => container.Id), (await update.Stack.PsAsync()).Select(container => container.Id));
        await update.TakesTheUpdateAsync();
    }
}
