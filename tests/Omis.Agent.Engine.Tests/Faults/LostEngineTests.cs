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
