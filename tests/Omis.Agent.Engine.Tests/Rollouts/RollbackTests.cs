using Omis.Agent.Engine.Tests.Faults;

namespace Omis.Agent.Engine.Tests.Rollouts;

public sealed class RollbackTests
{
    [Theory, EachLeg]
    public async Task A_rollback_needs_no_registry_and_is_left_alone_until_unpin(string leg)
    {
        await using var registry = await RegistryProxy.StartAsync();
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engine(leg), new Wanted { Services = ["api", "web"], Registry = registry.Address });
        await update.TakesTheUpdateAsync();
        await registry.DownAsync();
        Assert.Equal(["api ready", "web ready"], (await update.Home.RunAsync("can-rollback", update.Stack.Prefix, "--json")).Exits(0).Outlook());

        var rollout = (await update.Home.RunAsync("rollback", update.Stack.Prefix, "--actor", "ann", "--reason", "too slow", "--json")).Exits(0).Rollout();
        Assert.Equal(("rollback", "ann", "too slow"), (rollout["kind"].Text(), rollout["actor"].Text(), rollout["comment"].Text()));
        await update.RunsEverywhereAsync("1");
        var ids = await update.Stack.IdsAsync();
        await update.Stack.UpAsync();
        Assert.Equal(ids, await update.Stack.IdsAsync());

        await registry.UpAsync();
        var poll = (await update.CycleAsync()).Exits(0);
        Assert.Empty(poll.Rollouts);
        Assert.Equal(["api pinned", "web pinned"], poll.Skips());
        Assert.Equal(["api updateAvailable", "web updateAvailable"], poll.Seen());
        Assert.Equal(ids, await update.Stack.IdsAsync());

        (await update.Home.RunAsync("unpin", update.Stack.Prefix)).Exits(0);
        await update.TakesTheUpdateAsync();
    }

    [Theory, EachLeg]
    public async Task Where_a_kept_image_was_removed_it_is_pulled_or_nothing_is_touched(string leg)
    {
        await using var registry = await RegistryProxy.StartAsync();
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engine(leg), new Wanted { Services = ["api", "web"], Registry = registry.Address });
        await update.TakesTheUpdateAsync();
        await update.Stack.Engine.RemoveImageAsync(update.Stack.Image("api", "omis-previous-api"));
        var outlook = (await update.Home.RunAsync("can-rollback", update.Stack.Prefix, "--json")).Exits(3);
        Assert.Contains("is not on this machine", outlook.Outlook().First(), StringComparison.Ordinal);
        Assert.Equal("web ready", outlook.Outlook().Last());

        await registry.DownAsync();
        var ids = await update.Stack.IdsAsync();
        Assert.Equal("failed", (await update.Home.RunAsync("rollback", update.Stack.Prefix, "--json")).Exits(3).Rollout().Outcome());
        Assert.Equal(ids, await update.Stack.IdsAsync());
        Assert.Empty(await update.PinnedAsync());

        await registry.UpAsync();
        (await update.Home.RunAsync("rollback", update.Stack.Prefix)).Exits(0);
        await update.RunsEverywhereAsync("1");
    }

    [Theory, EachLeg]
    public async Task A_rollback_to_what_does_not_start_goes_back_and_pins_nothing(string leg)
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engine(leg));
        await update.TakesTheUpdateAsync();
        var bad = await update.Stack.PushAsync("web", TestImage.MissingEntrypoint("web", "0"), "bad");
        var ids = await update.Stack.IdsAsync();
        var rollout = (await update.Home.RunAsync("rollback", update.Stack.Prefix, "web", "--to", bad.Digest, "--json")).Exits(4).Rollout();
        Assert.Equal(("rollback", "reverted", "startFailed"), (rollout["kind"].Text(), rollout.Outcome(), rollout.Reason()));
        Assert.Equal(ids, await update.Stack.IdsAsync());
        Assert.Empty(await update.PinnedAsync());
        await update.RunsEverywhereAsync("2");
        Assert.Equal(["web ready"], (await update.Home.RunAsync("can-rollback", update.Stack.Prefix, "--json")).Exits(0).Outlook());
    }

    [Theory, EachLeg]
    public async Task An_older_state_is_named_by_its_rollout_or_its_digest(string leg)
    {
        await using var registry = await RegistryProxy.StartAsync();
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engine(leg), new Wanted { Registry = registry.Address, Config = """{ "defaults": { "keepPrevious": 2 } }""" });
        var first = (await update.CycleAsync()).Exits(0).Rollout();
        await update.ReleaseAsync("3");
        await update.TakesTheUpdateAsync("3");
        await registry.DownAsync();

        (await update.Home.RunAsync("rollback", update.Stack.Prefix, "--to", first["id"].Text())).Exits(0);
        await update.RunsEverywhereAsync("2");
        (await update.Home.RunAsync("rollback", update.Stack.Prefix, "--to", first.Step("web")["from"].Text()["sha256:".Length..][..12])).Exits(0);
        await update.RunsEverywhereAsync("1");
    }

    [Theory, EachLeg]
    public async Task All_replicas_and_who_shares_their_network_come_along(string leg)
    {
        await using var stack = new ComposeStack(Lab.Current.Engine(leg));
        foreach (var service in (string[])["web", "side", "many"])
        {
            await stack.PushAsync(service, TestImage.Good(service, "1"));
        }

        await stack.BringUpAsync($$"""
            services:
              web: { image: "{{stack.Image("web")}}", ports: ["127.0.0.1:{{stack.Port("web")}}:8080"] }
              side: { image: "{{stack.Image("side")}}", network_mode: "service:web", command: ["/bin/sleep", "3600"], init: true }
              many: { image: "{{stack.Image("many")}}", deploy: { replicas: 2 } }
            """);
        var images = await ImagesAsync(stack);
        await using var agent = stack.Agent(Rules.Quick);
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        await stack.PushAsync("many", TestImage.Good("many", "2"));
        (await agent.CycleAsync()).Exits(0);
        Assert.NotEqual(images, await ImagesAsync(stack));

        var rollout = (await agent.RunAsync("rollback", stack.Prefix, "--json")).Exits(0).Rollout();
        Assert.Equal(["many committed", "side committed", "web committed"], rollout.Outcomes().Order());
        Assert.Equal(images, await ImagesAsync(stack));
        await stack.AnswersAsync("web", "web 1");
    }

    private static async Task<IEnumerable<string>> ImagesAsync(ComposeStack stack) =>
        [.. (await stack.PsAsync()).Select(container => $"{container.Name} {container.ImageId} {container.IsRunning}")];
}

internal static class Outlooks
{
    /// <summary>Each service of `can-rollback` as "service detail".</summary>
    public static IEnumerable<string> Outlook(this AgentResult result) =>
        result.Json["services"].Items().Select(service => $"{service["service"].Text()} {service["detail"].Text()}");

    /// <summary>The services that `status` tells of as pinned.</summary>
    public static async Task<IEnumerable<string>> PinnedAsync(this PendingUpdate update) =>
        (await update.Home.RunAsync("status", "--json")).Exits(0).Json["projects"].Items()
            .SelectMany(project => project["blocked"].Items()).Where(blocked => blocked["reason"].Text() == "pinned").Select(blocked => blocked["service"].Text());
}
