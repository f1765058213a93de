namespace Omis.Agent.Engine.Tests.Faults;

/// <summary>A real engine dies in the middle of a rollout and is started again.</summary>
public sealed class EngineDeathTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_in_the_swap_and_started_again_it_ends_well(bool liveRestore)
    {
        await using var own = await OwnEngine.StartAsync(Lab.Current.Engines[0].Leg, liveRestore);
        await using var update = await PendingUpdate.StartAsync(own.Engine, new Wanted { Services = ["api", "web"], Config = """{ "defaults": { "revertBudget": "3m" } }""" });
        update.Engine.Before("POST", "/containers/*/start", _ => DieAsync(own), times: 1, skip: 1);
        var agent = update.Begin();
        await agent.SaysAsync("is tried again");
        await own.StartAgainAsync();
        var cycle = await agent.EndAsync();
        await update.NothingLostAsync(cycle);
        await update.MendsAsync();
    }

    internal static async Task<Verdict> DieAsync(OwnEngine own)
    {
        await own.KillAsync();
        return Verdict.Drop;
    }
}

public sealed class EngineDeathLaterTests
{
    [Fact]
    public async Task Stopped_while_the_new_container_is_probed_it_ends_well()
    {
        await using var own = await OwnEngine.StartAsync(Lab.Current.Engines[^1].Leg, liveRestore: false);
        await using var update = await PendingUpdate.StartAsync(own.Engine, new Wanted
        {
            Services = ["api", "web"],
            Config = """{ "defaults": { "revertBudget": "3m", "healthy": { "stableFor": "4s", "deadline": "90s" } } }""",
        });
        var agent = update.Begin();
        await agent.SaysAsync("probing");
        await own.StopAsync();
        await own.StartAgainAsync();
        var cycle = await agent.EndAsync(TimeSpan.FromMinutes(4));
        await update.NothingLostAsync(cycle);
        await update.MendsAsync();
    }

    [Fact]
    public async Task An_agent_that_gave_up_waiting_mends_it_at_its_next_start()
    {
        await using var own = await OwnEngine.StartAsync(Lab.Current.Engines[^1].Leg, liveRestore: false);
        await using var update = await PendingUpdate.StartAsync(own.Engine, new Wanted { Services = ["api", "web"], Config = """{ "defaults": { "revertBudget": "2s" } }""" });
        update.Engine.Before("POST", "/containers/*/start", _ => EngineDeathTests.DieAsync(own), times: 1, skip: 1);
        (await update.CycleAsync()).Exits(5).Ended("stuck engineUnavailable");
        await own.StartAgainAsync();
        update.Home.Configure(PendingUpdate.ShortRules);
        await update.MendsAsync();
    }
}
