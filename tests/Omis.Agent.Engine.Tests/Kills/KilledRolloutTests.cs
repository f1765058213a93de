namespace Omis.Agent.Engine.Tests.Kills;

public sealed class KilledRolloutTests
{
    [Fact]
    public Task Killed_anywhere_in_a_good_rollout_the_next_start_ends_it_well() => KillRun.OfAsync(async (lane, point) =>
    {
        var next = await lane.ReleaseAsync(isBad: false);
        var died = await lane.DiesAsync(point, "run", "--once");
        await lane.EndsWellAsync($"killed at {point}", next);
        return died;
    }, new Sample([Moment.Before, Moment.After], []));

    [Fact]
    public Task Killed_anywhere_in_a_rollout_that_goes_back_the_next_start_ends_it_well() => KillRun.OfAsync(async (lane, point) =>
    {
        await lane.ReleaseAsync(isBad: true);
        var died = await lane.DiesAsync(point, "run", "--once");
        await lane.EndsWellAsync($"killed at {point}", next: null);
        return died;
    }, new Sample([Moment.During], []));
}

public sealed class PowerLossTests
{
    [Fact]
    public Task When_the_power_fails_anywhere_in_a_good_rollout_the_next_start_ends_it_well() => KillRun.OfAsync(async (lane, point) =>
    {
        var next = await lane.ReleaseAsync(isBad: false);
        var died = await lane.DiesAsync(point, "run", "--once");
        lane.LosePower();
        await lane.EndsWellAsync($"power lost at {point}", next);
        return died;
    }, new Sample([], [false, true]));
}

public sealed class LostDatabaseTests
{
    [Fact]
    public Task With_the_database_gone_too_the_labels_tell_enough() => KillRun.OfAsync(async (lane, point) =>
    {
        var next = await lane.ReleaseAsync(isBad: false);
        var died = await lane.DiesAsync(point, "run", "--once");
        lane.LoseDatabase();
        await lane.EndsWellAsync($"killed and without its database at {point}", next, tagMayLead: true);
        return died;
    }, new Sample([Moment.After], []));
}
