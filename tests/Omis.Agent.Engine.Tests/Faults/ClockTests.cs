namespace Omis.Agent.Engine.Tests.Faults;

public sealed class ClockTests
{
    [Fact]
    public async Task A_wall_clock_that_steps_back_an_hour_neither_delays_nor_hastens_a_verdict()
    {
        var library = await LabScript.RunAsync("faketime");
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engines[0], new Wanted
        {
            Services = ["api", "web"],
            Config = """{ "defaults": { "healthy": { "stableFor": "3s", "deadline": "20s" } } }""",
        });
        var clock = Path.Combine(update.Home.Folder, "clock");
        await File.WriteAllTextAsync(clock, "+0");
        update.Home.Environment["LD_PRELOAD"] = library;
        update.Home.Environment["FAKETIME_TIMESTAMP_FILE"] = clock;
        update.Home.Environment["FAKETIME_NO_CACHE"] = "1";
        update.Home.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";

        var agent = update.Begin();
        await agent.SaysAsync("probing");
        await File.WriteAllTextAsync(clock, "-1h");
        var cycle = (await agent.EndAsync()).Exits(0).Ended("committed");

        // The agent did see the step: it ends an hour before it began.
        var (began, ended) = (Time(cycle, "startedAt"), Time(cycle, "endedAt"));
        Assert.InRange(ended - began, TimeSpan.FromMinutes(-61), TimeSpan.FromMinutes(-58));
        Assert.All(cycle.Rollouts[0]["steps"]!.AsArray(), step => Assert.InRange(step!["downMs"]!.GetValue<long>(), 0, 60_000));
        Assert.InRange(cycle.Json["durationMs"]!.GetValue<long>(), 6_000, 60_000);
        await update.RunsEverywhereAsync("2");
        (await update.CycleAsync()).Exits(0).Ended();
    }

    private static DateTimeOffset Time(AgentResult cycle, string name) => cycle.Rollouts[0][name]!.GetValue<DateTimeOffset>();
}
