namespace Omis.Agent.Engine.Tests.Rollouts;

public sealed class SoakTests
{
    private const string Soaking = """{ "defaults": { "healthy": { "stableFor": "500ms", "deadline": "10s" }, "soak": "8s" } }""";

    [Fact]
    public async Task A_service_that_exits_while_it_soaks_takes_the_whole_back()
    {
        await using var stack = await Stacks.UpAsync(["api", "web"]);
        await using var agent = stack.Agent(Soaking);
        var before = await stack.IdsAsync();
        await stack.PushAsync("api", TestImage.ExitsAfter("api", "2", 6, code: 9));
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        var rollout = (await agent.CycleAsync()).Exits(4).Rollout();
        Assert.Equal("soakFailed", rollout.Reason());
        Assert.Equal(["api reverted", "web reverted"], rollout.Outcomes());
        Assert.Equal(9, rollout.Step("api")["exitCode"]!.GetValue<int>());
        Assert.Equal(before, await stack.IdsAsync());
        await stack.AnswersAsync("api", "api 1");
        await stack.AnswersAsync("web", "web 1");

        // Only the one that failed is to blame.
        Assert.Equal(rollout.Step("api")["to"].Text(), Assert.Single(await agent.QuarantineAsync()));
    }
}

public sealed class NeighbourSoakTests
{
    [Fact]
    public async Task A_neighbour_that_the_new_version_breaks_takes_it_back()
    {
        // The neighbour is well as long as the other is at version 1.
        const string Check = """
                healthcheck:
                  test: ["CMD", "/bin/sh", "-c", "test \"$$(wget -q -O - http://api:8080/)\" = 'api 1'"]
                  interval: 1s
                  retries: 1
            """;
        await using var stack = await Stacks.UpAsync(OneLeg.Mine(), service => service == "web" ? Check : "", "api", "web");
        await using var agent = stack.Agent("""{ "defaults": { "healthy": { "stableFor": "500ms", "deadline": "10s" }, "soak": "8s" } }""");
        await Eventually.BeAsync("web is healthy", async () => (await stack.ContainerAsync("web")).Health == "healthy");
        var web = await stack.ContainerAsync("web");
        await stack.PushAsync("api", TestImage.Good("api", "2"));
        await using var events = await stack.RecordAsync();
        var rollout = (await agent.CycleAsync()).Exits(4).Rollout();
        Assert.Equal("soakFailed", rollout.Reason());
        Assert.StartsWith("web:", rollout.Detail(), StringComparison.Ordinal);
        Assert.Equal(["api reverted"], rollout.Outcomes());
        await stack.AnswersAsync("api", "api 1");
        Assert.Empty(await events.TouchesAsync(web.Id));
        Assert.Equal(rollout.Step("api")["to"].Text(), Assert.Single(await agent.QuarantineAsync()));
    }
}
