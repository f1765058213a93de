namespace Omis.Agent.Engine.Tests.Faults;

/// <summary>The registry fails when it is asked which digest a tag has now.</summary>
public sealed class RegistryQuestionTests(RegistryQuestionTests.Shared shared) : IClassFixture<RegistryQuestionTests.Shared>
{
    public static TheoryData<string, string> Faults => new()
    {
        { "401", "registryUnauthorized" },
        { "403", "registryUnauthorized" },
        { "404", "imageNotFound" },
        { "429", "rateLimited" },
        { "500", "registryUnavailable" },
        { "cut off", "registryUnavailable" },
        { "refused", "registryUnavailable" },
        { "silent", "registryUnavailable" },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task A_registry_that_does_not_tell_is_no_reason_to_touch_anything(string fault, string reason)
    {
        var (update, registry) = (shared.Update, shared.Registry);
        var rule = fault is "refused" ? null : registry.On("*", "/v2/*/manifests/*", Fault(fault));
        await (rule is null ? registry.DownAsync() : Task.CompletedTask);
        var cycle = (await update.CycleAsync()).Exits(3).Ended();
        Assert.Equal(reason, cycle.Skipped("web"));
        Assert.Equal("unknown", cycle.Json["seen"]![0]!["state"]!.GetValue<string>());
        await update.IsUntouchedAsync();

        rule?.Remove();
        await (rule is null ? registry.UpAsync() : Task.CompletedTask);
        await update.TakesTheUpdateAsync(shared.Version);
        await shared.ReleaseAsync();
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

    /// <summary>One stack for all faults, which gets a new version after each.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        private int version = 2;

        public RegistryProxy Registry { get; private set; } = null!;

        public PendingUpdate Update { get; private set; } = null!;

        public string Version => $"{version}";

        public async ValueTask InitializeAsync()
        {
            Registry = await RegistryProxy.StartAsync();
            Update = await PendingUpdate.StartAsync(Lab.Current.Engines[0], new Wanted { Registry = Registry.Address });
        }

        public Task ReleaseAsync() => Update.ReleaseAsync($"{++version}");

        public async ValueTask DisposeAsync()
        {
            await Update.DisposeAsync();
            await Registry.DisposeAsync();
        }
    }
}
