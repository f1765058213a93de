namespace Omis.Agent.Engine.Tests.Kills;

public sealed class KilledSoakTests
{
    private const string Soaking = """{ "defaults": { "healthy": { "stableFor": "200ms", "deadline": "10s" }, "soak": "1s", "revertBudget": "60s" } }""";

    [Fact]
    public async Task Killed_in_the_soak_again_and_again_it_goes_on_with_it_and_commits()
    {
        await using var lane = await KillLane.StartAsync(Rollouts.OneLeg.Mine(), Soaking.Replace("1s", "3s", StringComparison.Ordinal));
        var next = await lane.ReleaseAsync(isBad: false);
        Assert.True(await lane.DiesAsync(new KillPoint.Says("soaking"), "run", "--once"));
        Assert.True(await lane.DiesAsync(new KillPoint.Says("soaking"), "run", "--once"));
        await lane.EndsWellAsync("killed twice in the soak", next);
        Assert.Equal(next, lane.Runs);
    }

    [Fact]
    public Task Killed_anywhere_in_what_is_left_of_a_soak_it_commits() => KillRun.OfAsync(async (lane, point) =>
    {
        var next = await lane.ReleaseAsync(isBad: false);
        Assert.True(await lane.DiesAsync(new KillPoint.Says("soaking"), "run", "--once"));
        (await lane.Home.RunAsync("pause")).Exits(0);
        var died = await lane.DiesAsync(point, "run", "--once");
        await lane.EndsWellAsync($"killed in the soak, and in the rest of it at {point}", next);
        Assert.Equal(next, lane.Runs);
        return died;
    }, new Sample([Moment.Before], [true]), Soaking);
}
