namespace Omis.Agent.Engine.Tests.Faults;

/// <summary>The engine goes away for a while, as the agent sees it.</summary>
public sealed class LostEngineTests
{
    [Fact]
    public async Task An_engine_that_is_not_there_is_said_so_in_one_document()
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engines[0]);
        update.Engine.Down();
        var cycle = (await update.CycleAsync()).Exits(3);
        Assert.Equal("engineUnavailable", cycle.Json["error"]!["code"]!.GetValue<string>());
        await update.IsUntouchedAsync();
        update.Engine.Up();
        await update.TakesTheUpdateAsync();
    }

    [Theory, EachLeg]
    public async Task An_engine_that_goes_away_in_the_pull_was_not_touched(string leg)
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engine(leg));
        update.Engine.Before("POST", "/images/create", _ => Gone(update), times: 1);
        (await update.CycleAsync()).Exits(3).Ended("failed engineUnavailable");
        await update.IsUntouchedAsync();
        update.Engine.Up();
        await update.TakesTheUpdateAsync();
    }

    [Theory]
    [InlineData("/containers/*/update")]
    [InlineData("/containers/*/rename")]
    [InlineData("/containers/*/start")]
    public async Task An_engine_that_is_away_for_a_moment_in_the_swap_is_waited_for(string call)
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engines[^1], new Wanted { Services = ["api", "web"] });
        update.Engine.Before("POST", call, _ => Gone(update), times: 1, skip: 1);
        var agent = update.Begin();
        await agent.SaysAsync("is tried again");
        update.Engine.Up();
        var cycle = (await agent.EndAsync()).Exits(4).Ended("reverted engineUnavailable");
        await update.NothingLostAsync(cycle);
        await update.TakesTheUpdateAsync();
    }

    [Fact]
    public async Task An_engine_that_refuses_for_a_minute_in_the_swap_is_waited_for()
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engines[0], new Wanted { Services = ["api", "web"], Config = """{ "defaults": { "revertBudget": "3m" } }""" });
        update.Engine.Before("POST", "/containers/*/start", _ =>
        {
            update.Engine.Refuse();
            return Task.FromResult(Verdict.Drop);
        }, times: 1, skip: 1);
        var agent = update.Begin();
        await agent.SaysAsync("is tried again");

        // How long it is away is what this is about.
        await Task.Delay(Kills.KillRun.IsWhole ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        update.Engine.Up();
        var cycle = (await agent.EndAsync()).Exits(4).Ended("reverted engineUnavailable");
        await update.NothingLostAsync(cycle);
        await update.TakesTheUpdateAsync();
    }

    [Theory]
    [InlineData("POST", "/containers/*/start", 2)]
    [InlineData("POST", "/containers/*/rename", 4)]
    [InlineData("DELETE", "/containers/*", 0)]
    public async Task A_call_of_the_way_back_that_is_never_answered_is_made_again_within_the_budget(string method, string call, int skip)
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engines[^1], new Wanted { Services = ["api", "web"], Config = """{ "defaults": { "revertBudget": "24s" } }""" });
        update.Engine.Before("POST", "/containers/*/start", Verdict.Drop, times: 1, skip: 1);
        var rule = update.Engine.Before(method, call, Verdict.Hang, times: 1, skip: skip);
        var cycle = (await update.CycleAsync()).Exits(4).Ended("reverted engineUnavailable");
        Assert.Equal(1, rule.Hits);
        await update.NothingLostAsync(cycle);
        await update.TakesTheUpdateAsync();
    }

    [Fact]
    public async Task A_call_that_is_never_answered_is_given_up()
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engines[0]);
        update.Engine.Before("POST", "/containers/*/rename", Verdict.Hang, times: 1);
        var cycle = (await update.CycleAsync()).Exits(4).Ended("reverted engineUnavailable");
        await update.NothingLostAsync(cycle);
        await update.TakesTheUpdateAsync();
    }

    [Fact]
    public async Task An_engine_that_does_not_tell_how_the_new_container_is_says_nothing_about_its_image()
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engines[^1], new Wanted { Config = """{ "defaults": { "healthy": { "deadline": "3s" } } }""" });
        ProxyRule? blind = null;
        update.Engine.After("POST", "/containers/*/start", _ =>
        {
            blind = update.Engine.Before("GET", "/containers/*/json", Verdict.Answer(500, "no luck"));
            return Task.FromResult(Verdict.Pass);
        }, times: 1);
        var agent = update.Begin();
        await agent.SaysAsync("is tried again");
        blind!.Remove();
        var cycle = (await agent.EndAsync()).Exits(4).Ended("reverted engineUnavailable");
        await update.NothingLostAsync(cycle);
        await update.TakesTheUpdateAsync();
    }

    private static Task<Verdict> Gone(PendingUpdate update)
    {
        update.Engine.Down();
        return Task.FromResult(Verdict.Drop);
    }
}
