namespace Omis.Agent.Engine.Tests.Kills;

public sealed class KilledRollbackTests
{
    [Fact]
    public Task Killed_anywhere_in_a_rollback_the_next_start_ends_it_well_and_it_is_pinned_only_if_it_committed() => KillRun.OfAsync(async (lane, point) =>
    {
        var older = lane.Runs;
        await lane.CommitAsync();
        var died = await lane.DiesAsync(point, "rollback", lane.Project);
        await lane.EndsWellAsync($"killed in a rollback at {point}", older);
        await lane.ArePinnedAsync(lane.Runs == older);
        return died;
    }, new Sample([Moment.Before, Moment.After], [true]));
}
