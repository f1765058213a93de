namespace Omis.Agent.Engine.Tests.Faults;

/// <summary>The registry tells the digest and then fails the engine's pull.</summary>
public sealed class PullFaultTests
{
    private const string ByDigest = "/v2/*/manifests/sha256:*";
    private const string Blobs = "/v2/*/blobs/*";

    [Theory, EachLeg]
    public Task Being_let_in_to_ask_but_not_to_pull_touches_nothing(string leg) => FailsAsync(leg, "*", RegistryFault.Unauthorized, "registryUnauthorized");

    [Theory, EachLeg]
    public Task Being_denied_the_pull_touches_nothing(string leg) => FailsAsync(leg, "*", RegistryFault.Forbidden, "registryUnauthorized");

    [Theory, EachLeg]
    public Task An_image_that_goes_away_before_the_pull_touches_nothing(string leg) => FailsAsync(leg, ByDigest, RegistryFault.NotFound, "imageNotFound");

    [Theory, EachLeg]
    public Task A_registry_that_limits_the_pull_touches_nothing(string leg) => FailsAsync(leg, ByDigest, RegistryFault.TooMany(60), "rateLimited");

    [Theory, EachLeg]
    public Task A_registry_that_breaks_in_the_pull_touches_nothing(string leg) => FailsAsync(leg, ByDigest, RegistryFault.Broken, "pullFailed", "registryUnavailable");

    [Theory, EachLeg]
    public async Task A_layer_that_is_cut_off_once_is_fetched_again(string leg)
    {
        await using var registry = await RegistryProxy.StartAsync();
        await using var update = await LargeAsync(leg, registry);
        var rule = registry.On("GET", Blobs, RegistryFault.Truncate(300_000), times: 1);
        (await update.CycleAsync()).Exits(0).Ended("committed");
        Assert.Equal(1, rule.Hits);
        await update.RunsEverywhereAsync("2");
    }

    [Theory, EachLeg]
    public async Task A_registry_that_goes_away_in_the_pull_touches_nothing(string leg)
    {
        await using var registry = await RegistryProxy.StartAsync();
        await using var update = await LargeAsync(leg, registry);
        registry.On("GET", Blobs, RegistryFault.First(registry.DownAsync), times: 1);
        var cycle = (await update.CycleAsync()).Exits(3);
        Assert.Contains(Assert.Single(cycle.Outcomes()), (string[])["failed registryUnavailable", "failed pullFailed"]);
        await update.IsUntouchedAsync();
        await registry.UpAsync();
        await update.TakesTheUpdateAsync();
    }

    internal static Task<PendingUpdate> LargeAsync(string leg, RegistryProxy registry) => PendingUpdate.StartAsync(Lab.Current.Engine(leg), new Wanted
    {
        Registry = registry.Address,
        Next = service => TestImage.Good(service, "2") with { Ballast = 1_000_000 },
    });

    private static async Task FailsAsync(string leg, string path, RegistryFault fault, params string[] reasons)
    {
        await using var registry = await RegistryProxy.StartAsync();
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engine(leg), new Wanted { Registry = registry.Address });

        // What the agent itself asks is let through.
        using var rule = Except(registry, path, fault);
        var cycle = (await update.CycleAsync()).Exits(3);
        Assert.Contains(Assert.Single(cycle.Outcomes()), reasons.Select(reason => "failed " + reason));
        await update.IsUntouchedAsync();
        rule.Dispose();
        await update.TakesTheUpdateAsync();
    }

    private static Lifted Except(RegistryProxy registry, string path, RegistryFault fault) =>
        path is "*" ? new(registry.On("*", ByDigest, fault), registry.On("*", Blobs, fault)) : new(registry.On("*", path, fault));

    private sealed class Lifted(params ProxyRule[] rules) : IDisposable
    {
        public void Dispose() => Array.ForEach(rules, rule => rule.Remove());
    }
}
