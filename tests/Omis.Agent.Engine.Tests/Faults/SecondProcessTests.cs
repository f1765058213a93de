namespace Omis.Agent.Engine.Tests.Faults;

public sealed class SecondProcessTests
{
    [Fact]
    public async Task A_second_process_on_the_same_state_says_that_another_is_at_it()
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engines[0], new Wanted { Config = """{ "defaults": { "healthy": { "stableFor": "4s" } } }""" });
        var first = update.Begin();
        await first.SaysAsync("probing");
        var second = (await update.CycleAsync()).Exits(7);
        Assert.Equal("busy", second.Json["error"]!["code"]!.GetValue<string>());
        (await update.Home.RunAsync("update", "--json")).Exits(7);
        Assert.False(first.HasExited);
        (await first.EndAsync()).Exits(0).Ended("committed");
        await update.RunsEverywhereAsync("2");
    }
}
