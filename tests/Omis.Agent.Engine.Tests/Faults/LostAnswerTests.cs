namespace Omis.Agent.Engine.Tests.Faults;

/// <summary>The engine did what it was told, but its answer never arrived.</summary>
public sealed class LostAnswerTests
{
    [Theory]
    [InlineData("/images/create", 0)]
    [InlineData("/images/*/tag", 0)]
    [InlineData("/images/*/tag", 2)]
    [InlineData("/containers/create", 0)]
    [InlineData("/containers/create", 1)]
    public async Task Before_the_swap_nothing_was_touched_and_nothing_stays(string call, int skip)
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engines[0], new Wanted { Services = ["api", "web"] });
        var rule = update.Engine.After("POST", call, Verdict.Drop, times: 1, skip);
        (await update.CycleAsync()).Exits(3).Ended("failed engineUnavailable");
        Assert.Equal(1, rule.Hits);
        await update.IsUntouchedAsync();
        await update.TakesTheUpdateAsync();
    }

    [Theory]
    [InlineData("/containers/*/update", 0)]
    [InlineData("/containers/*/rename", 0)]
    [InlineData("/containers/*/rename", 1)]
    [InlineData("/containers/*/stop", 1)]
    [InlineData("/containers/*/start", 1)]
    public async Task In_the_swap_it_goes_back_and_doubles_nothing(string call, int skip)
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engines[^1], new Wanted { Services = ["api", "web"] });
        var rule = update.Engine.After("POST", call, Verdict.Drop, times: 1, skip);
        var cycle = (await update.CycleAsync()).Exits(4).Ended("reverted engineUnavailable");
        Assert.Equal(1, rule.Hits);
        await update.NothingLostAsync(cycle);
        Assert.Equal(update.Old.Select(container => container.Id), (await update.Stack.PsAsync()).Select(container => container.Id));
        await update.TakesTheUpdateAsync();
    }

    [Theory]
    [InlineData("POST", "/containers/*/stop", 1)]
    [InlineData("POST", "/containers/*/start", 1)]
    [InlineData("POST", "/containers/*/rename", 2)]
    [InlineData("POST", "/containers/*/rename", 3)]
    [InlineData("POST", "/containers/*/update", 1)]
    [InlineData("POST", "/images/*/tag", 2)]
    [InlineData("DELETE", "/containers/*", 0)]
    [InlineData("DELETE", "/images/*", 0)]
    public async Task On_the_way_back_it_still_gets_there_and_doubles_nothing(string method, string call, int skip)
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engines[0], new Wanted { Next = service => TestImage.NeverHealthy(service, "2"), Config = """{ "defaults": { "healthy": { "deadline": "3s" } } }""" });
        var rule = update.Engine.After(method, call, Verdict.Drop, times: 1, skip);
        (await update.CycleAsync()).Exits(4).Ended("reverted unhealthy");
        Assert.Equal(1, rule.Hits);
        await update.RunsEverywhereAsync("1");
        Assert.Equal(update.Old.Select(container => container.Id), (await update.Stack.PsAsync()).Select(container => container.Id));
        Assert.Equal(["reverted unhealthy"], await update.HistoryAsync());
    }

    [Fact]
    public async Task After_the_commit_it_stays_committed()
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engines[0], new Wanted { Services = ["api", "web"] });
        var rule = update.Engine.After("DELETE", "/containers/*", Verdict.Drop, times: 1);
        (await update.CycleAsync()).Exits(0).Ended("committed");
        Assert.Equal(1, rule.Hits);
        (await update.CycleAsync()).Exits(0).Ended("committed");
        await update.RunsEverywhereAsync("2");
        (await update.CycleAsync()).Exits(0).Ended();
    }
}
