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

    [Theory]
    [InlineData("/containers/*/rename", 1)]
    [InlineData("/containers/*/stop", 1)]
    [InlineData("/containers/*/start", 1)]
    public async Task At_a_call_of_the_swap_that_is_never_answered_it_goes_back_in_time(string call, int skip)
    {
        await using var update = await StartAsync("""{ "defaults": { "revertBudget": "20s" } }""");
        var agent = update.Begin();
        await update.Engine.Before("POST", call, Verdict.Hang, times: 1, skip).HitAsync();
        await StopsAsync(agent, "reverted cancelled", TimeSpan.FromSeconds(30));
        await GoesOnAsync(update);
    }

    [Fact]
    public async Task At_the_end_of_a_rollout_it_is_committed_and_the_rest_left_to_the_next_start()
    {
        await using var update = await StartAsync("""{ "defaults": { "revertBudget": "5s" } }""");
        var agent = update.Begin();
        await update.Engine.Before("DELETE", "/containers/*", Verdict.Hang, times: 1).HitAsync();
        await StopsAsync(agent, "committed", TimeSpan.FromSeconds(15));
        await update.MendsAsync();
    }

    [Theory]
    [InlineData("/containers/*/start", 1)]
    [InlineData("/containers/*/rename", 2)]
    public async Task On_the_way_back_it_gets_there(string call, int skip)
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engines[0], new Wanted { Next = service => TestImage.NeverHealthy(service, "2"), Config = """{ "defaults": { "healthy": { "deadline": "3s" } } }""" });
        var agent = update.Begin();
        await update.Engine.Before("POST", call, Hold(agent), times: 1, skip).HitAsync();
        agent.Terminate();
        (await agent.EndAsync(TimeSpan.FromSeconds(70))).Exits(4).Ended("reverted unhealthy");
        await update.RunsEverywhereAsync("1");
        Assert.Equal(update.Old.Select(container => container.Id), (await update.Stack.PsAsync()).Select(container => container.Id));
    }

    [Fact]
    public async Task In_a_recovery_that_goes_back_it_gets_there()
    {
        await using var update = await StartAsync("""{ "defaults": { "revertBudget": "20s", "healthy": { "stableFor": "5s", "deadline": "30s" } } }""");
        var killed = update.Begin();
        update.Engine.After("POST", "/containers/*/rename", async _ =>
        {
            await killed.KillAsync();
            return Verdict.Drop;
        }, times: 1, skip: 3);
        await killed.EndAsync();
        var agent = update.Begin();
        await agent.SaysAsync("was not ended");
        agent.Terminate();
        agent.Terminate();
        (await agent.EndAsync(TimeSpan.FromSeconds(30))).Exits(4).Ended("reverted interrupted");
        await GoesOnAsync(update);
    }

    [Fact]
    public async Task In_a_recovery_that_goes_forward_it_goes_back()
    {
        await using var update = await StartAsync("""{ "defaults": { "revertBudget": "20s", "healthy": { "stableFor": "5s", "deadline": "30s" } } }""");
        var killed = update.Begin();
        await killed.SaysAsync("web: probing");
        await killed.KillAsync();
        var agent = update.Begin();
        await agent.SaysAsync("probing");
        await StopsAsync(agent, "reverted cancelled", TimeSpan.FromSeconds(30));
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

    /// <param name="limit">The revert budget and ten seconds.</param>
    private static async Task StopsAsync(AgentProcess agent, string outcome, TimeSpan? limit = null)
    {
        agent.Terminate();
        agent.Terminate();
        (await agent.EndAsync(limit ?? TimeSpan.FromSeconds(70))).Exits(0).Ended(outcome);
    }

    private static async Task GoesOnAsync(PendingUpdate update)
    {
        await update.RunsEverywhereAsync("1");
        Assert.Equal(update.Old.Select(container => container.Id), (await update.Stack.PsAsync()).Select(container => container.Id));
        await update.TakesTheUpdateAsync();
    }
}
