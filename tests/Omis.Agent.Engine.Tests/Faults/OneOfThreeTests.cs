namespace Omis.Agent.Engine.Tests.Faults;

public sealed class OneOfThreeTests
{
    [Theory, EachLeg]
    public async Task One_image_of_three_that_cannot_be_pulled_keeps_all_three_as_they_are(string leg)
    {
        await using var registry = await RegistryProxy.StartAsync();
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engine(leg), new Wanted { Registry = registry.Address, Services = ["api", "job", "web"] });
        var rule = registry.On("*", $"/v2/{update.Stack.Repository("web")}/manifests/sha256:*", RegistryFault.NotFound);
        var cycle = (await update.CycleAsync()).Exits(3).Ended("failed imageNotFound");
        Assert.All(cycle.Rollouts[0]["steps"]!.AsArray(), step => Assert.Equal("untouched", step!["outcome"]!.GetValue<string>()));
        Assert.True(rule.Hits > 0);
        await update.IsUntouchedAsync();
        rule.Remove();
        await update.TakesTheUpdateAsync();
    }
}
