namespace Omis.Agent.Engine.Tests.Faults;

/// <summary>The good ends of a cycle that met a fault half way.</summary>
internal static class Endings
{
    /// <summary>Committed on version 2 with exit 0, or back on version 1 with exit 4, or not begun with exit 3; all services alike and nothing left behind.</summary>
    public static async Task NothingLostAsync(this PendingUpdate update, AgentResult cycle)
    {
        var version = await update.IsUniformAsync();
        Assert.True((cycle.ExitCode, version) is (0, "2") or (4, "1") or (3, "1"), $"version {version} runs: {cycle}");
        await update.NothingIsQuarantinedAsync();
    }

    /// <summary>
    /// The next cycle ends what was left open, if anything was, and takes the update; the one after it has nothing to do.
    /// The first one's exit code also tells how what was left open ended.
    /// </summary>
    public static async Task MendsAsync(this PendingUpdate update)
    {
        var mending = await update.CycleAsync();
        Assert.True(mending.ExitCode is 0 or 4 or 3, $"{mending}");
        await update.RunsEverywhereAsync("2");
        await update.NothingIsQuarantinedAsync();
        (await update.CycleAsync()).Exits(0).Ended();
    }
}
