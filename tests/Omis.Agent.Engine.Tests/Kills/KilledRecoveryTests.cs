namespace Omis.Agent.Engine.Tests.Kills;

public sealed class KilledRecoveryTests
{
    /// <summary>The call of a rollout after which the first kill comes: from staging over the swaps to the commit.</summary>
    private static readonly int[] First = [18, 9, 12, 15, 21, 24];

    [Fact]
    public Task Killed_anywhere_in_its_recovery_the_start_after_that_ends_it_well() =>
        KillRun.OfAsync([.. First.Select(Twice)], new Sample([Moment.During], []));

    [Fact]
    public Task Killed_again_in_the_recovery_of_a_recovery_it_still_ends_well() => KillRun.OfAsync(async (lane, point) =>
    {
        var next = await lane.ReleaseAsync(isBad: false);
        Assert.True(await lane.DiesAsync(new KillPoint.Call(20, Moment.During, ByKind: false), "run", "--once"));
        (await lane.Home.RunAsync("pause")).Exits(0);
        var again = await lane.DiesAsync(new KillPoint.Call(2, Moment.After, ByKind: false), "run", "--once");
        var died = await lane.DiesAsync(point, "run", "--once");
        await lane.EndsWellAsync($"killed in a rollout, in its recovery ({again}), and in the one after at {point}", next);
        return died;
    }, new Sample([Moment.After], []));

    private static Func<KillLane, KillPoint, Task<bool>> Twice(int first) => async (lane, point) =>
    {
        var next = await lane.ReleaseAsync(isBad: false);
        Assert.True(await lane.DiesAsync(new KillPoint.Call(first, Moment.After, ByKind: false), "run", "--once"));
        (await lane.Home.RunAsync("pause")).Exits(0);
        var died = await lane.DiesAsync(point, "run", "--once");
        await lane.EndsWellAsync($"killed at call {first}, and in its recovery at {point}", next);
        return died;
    };
}
