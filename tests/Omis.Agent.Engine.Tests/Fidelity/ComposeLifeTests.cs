using Omis.Agent.Engine.Tests.Rollouts;

namespace Omis.Agent.Engine.Tests.Fidelity;

/// <summary>What people do with a project day by day goes on as it did, on the containers that the agent made or brought back.</summary>
public sealed class ComposeLifeTests
{
    [Theory, EachJudge]
    public async Task Compose_goes_on_with_what_the_agent_left_as_if_it_had_made_it(string leg, string compose)
    {
        await using var stack = new ComposeStack(Lab.Current.Engine(leg), Lab.Current.Compose.Single(one => one.Version == compose));
        await stack.PushAsync("app", TestImage.Good("app", "1"));
        stack.Write($"""
            services:
              front: {"{"} image: "{stack.Image("app")}", depends_on: [many], volumes: ["data:/data"] {"}"}
              many: {"{"} image: "{stack.Image("app")}", networks: [default, other], command: ["/bin/sh", "-c", "echo here; exec /bin/run"] {"}"}
            networks: {"{"} other: {"{}"} {"}"}
            volumes: {"{"} data: {"{}"} {"}"}
            """);
        await stack.UpAsync("--scale", "many=2");
        await using var agent = stack.Agent("""{ "defaults": { "healthy": { "stableFor": "200ms", "deadline": "30s" }, "revertBudget": "60s" } }""");

        await stack.PushAsync("app", TestImage.Good("app", "2"));
        (await agent.CycleAsync()).Exits(0);
        await GoesOnAsync(stack);

        await stack.PushAsync("app", TestImage.ExitsAtOnce("app", "3"));
        (await agent.CycleAsync()).Exits(4);
        await GoesOnAsync(stack);

        await stack.DownAsync();
        Assert.Empty(await stack.PsAsync());
        Assert.Empty(await stack.Engine.NamedAsync(stack.Prefix));
    }

    private static async Task GoesOnAsync(ComposeStack stack)
    {
        var before = await stack.IdsAsync();
        Assert.Equal(3, before.Count);
        await stack.UpAsync("--scale", "many=2");
        Assert.Equal(before, await stack.IdsAsync());
        Assert.Contains($"{stack.Prefix}-front-1", (await stack.RunAsync("ps", "--format", "json")).Output, StringComparison.Ordinal);
        Assert.Contains("many-2", (await stack.RunAsync("logs", "many")).Output, StringComparison.Ordinal);

        await stack.UpAsync("--scale", "many=3");
        var more = await stack.IdsAsync();
        Assert.Equal(before, more.Where(name => !name.Contains("many-3", StringComparison.Ordinal)));
        Assert.Equal(4, more.Count);
        await stack.UpAsync("--scale", "many=2");
        Assert.Equal(before, await stack.IdsAsync());
        await stack.RunAsync("restart", "--timeout", "0");
        Assert.Equal(before, await stack.IdsAsync());
    }
}
