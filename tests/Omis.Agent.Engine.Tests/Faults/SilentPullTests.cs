namespace Omis.Agent.Engine.Tests.Faults;

public sealed class SilentPullTests
{
    [Fact]
    public async Task A_pull_that_stays_silent_for_a_minute_is_given_up_and_touches_nothing()
    {
        await using var registry = await RegistryProxy.StartAsync();
        await using var update = await PullFaultTests.LargeAsync(Lab.Current.Engines[^1].Leg, registry);
        var rule = registry.On("GET", "/v2/*/blobs/*", RegistryFault.StallInBody(300_000));
        var cycle = (await update.CycleAsync()).Exits(3).Ended("failed pullFailed");
        Assert.InRange(cycle.Took, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(100));
        await update.IsUntouchedAsync();
        rule.Remove();
        await update.TakesTheUpdateAsync();
    }
}
