namespace Omis.Agent.Engine.Tests.Faults;

/// <summary>The registry fails when it is asked which digest a tag has now.</summary>
public sealed class RegistryQuestionTests
{
    [Theory]
    [InlineData("401", "registryUnauthorized")]
    [InlineData("403", "registryUnauthorized")]
    [InlineData("404", "imageNotFound")]
    [InlineData("429", "rateLimited")]
    [InlineData("500", "registryUnavailable")]
    [InlineData("cut off", "registryUnavailable")]
    [InlineData("silent", "registryUnavailable")]
    public async Task A_registry_that_does_not_tell_is_no_reason_to_touch_anything(string fault, string reason)
    {
        await using var registry = await RegistryProxy.StartAsync();
        await using var update = await StartAsync(registry);
        var rule = registry.On("*", "/v2/*/manifests/*", Fault(fault));
        await TouchesNothingAsync(update, reason);
        rule.Remove();
        await update.TakesTheUpdateAsync();
    }

    [Fact]
    public async Task A_registry_that_is_down_is_no_reason_to_touch_anything()
    {
        await using var registry = await RegistryProxy.StartAsync();
        await using var update = await StartAsync(registry);
        await registry.DownAsync();
        await TouchesNothingAsync(update, "registryUnavailable");
        await registry.UpAsync();
        await update.TakesTheUpdateAsync();
    }

    private static Task<PendingUpdate> StartAsync(RegistryProxy registry) =>
        PendingUpdate.StartAsync(Lab.Current.Engines[0], new Wanted { Registry = registry.Address });

    private static async Task TouchesNothingAsync(PendingUpdate update, string reason)
    {
        var cycle = (await update.CycleAsync()).Exits(3).Ended();
        Assert.Equal(reason, cycle.Skipped("web"));
        Assert.Equal("unknown", cycle.Json["seen"]![0]!["state"]!.GetValue<string>());
        await update.IsUntouchedAsync();
    }

    private static RegistryFault Fault(string name) => name switch
    {
        "401" => RegistryFault.Unauthorized,
        "403" => RegistryFault.Forbidden,
        "404" => RegistryFault.NotFound,
        "429" => RegistryFault.TooMany(120),
        "500" => RegistryFault.Broken,
        "cut off" => RegistryFault.Truncate(0),
        _ => RegistryFault.Stall,
    };
}
