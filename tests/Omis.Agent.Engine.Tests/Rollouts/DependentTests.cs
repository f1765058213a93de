namespace Omis.Agent.Engine.Tests.Rollouts;

public sealed class DependentTests
{
    [Fact]
    public async Task Only_the_dependent_that_asked_for_it_is_restarted()
    {
        await using var stack = await Stacks.UpAsync(OneLeg.Mine(), service => service switch
        {
            "web" => "    depends_on: { api: { condition: service_started, restart: true } }",
            "admin" => "    depends_on: { api: { condition: service_started } }",
            _ => "",
        }, "api", "web", "admin");
        await using var agent = stack.Agent(Rules.Quick);
        var (web, admin) = (await stack.ContainerAsync("web"), await stack.ContainerAsync("admin"));
        await stack.PushAsync("api", TestImage.Good("api", "2"));
        await using var events = await stack.RecordAsync();
        var result = (await agent.CycleAsync()).Exits(0);
        Assert.Equal(["recreate api", "restart web"], result.Waves());
        Assert.Equal(["admin upToDate"], result.Skips());

        await stack.AnswersAsync("api", "api 2");
        var restarted = await stack.ContainerAsync("web");
        Assert.Equal(web.Id, restarted.Id);
        Assert.True(restarted.StartedAt > (await stack.ContainerAsync("api")).StartedAt);
        Assert.Empty(await events.TouchesAsync(admin.Id));
        Assert.Empty(await stack.UpDryAsync());
    }

    [Fact]
    public async Task A_restarted_dependent_that_does_not_come_back_takes_the_update_back()
    {
        // The dependent starts only while the other is at version 1.
        const string Picky = """
                depends_on: { api: { condition: service_started, restart: true } }
                command: ["/bin/sh", "-c", "test \"$$(wget -q -O - http://api:8080/)\" = 'api 1' && exec /bin/run"]
            """;
        await using var stack = await Stacks.UpAsync(OneLeg.Mine(), service => service == "web" ? Picky : "", "api", "web");
        await using var agent = stack.Agent(Rules.Quick);
        var before = await stack.IdsAsync();
        await stack.PushAsync("api", TestImage.Good("api", "2"));
        var rollout = (await agent.CycleAsync()).Exits(4).Rollout();
        Assert.Equal(["api reverted", "web reverted"], rollout.Outcomes());
        Assert.Equal(before, await stack.IdsAsync());
        await stack.AnswersAsync("api", "api 1");
        await stack.AnswersAsync("web", "web 1");
    }

    [Fact]
    public async Task A_circle_of_dependencies_is_named_and_nothing_is_touched()
    {
        await using var stack = await Stacks.UpAsync(OneLeg.Mine(),
            service => $"    labels: {{ omis.agent.depends-on: {(service == "web" ? "api" : "web")} }}", "api", "web");
        await using var agent = stack.Agent(Rules.Quick);
        var before = await stack.IdsAsync();
        await stack.PushAsync("api", TestImage.Good("api", "2"));
        var result = await agent.CycleAsync();
        Assert.Contains("api dependencyCycle", result.Skips());
        Assert.Contains("api → web → api", result.SkipDetail("api"), StringComparison.Ordinal);
        Assert.Empty(result.Rollouts);
        Assert.Equal(before, await stack.IdsAsync());
        Assert.Equal("dependencyCycle", Assert.Single(await agent.HistoryAsync()).Reason());
    }

    [Fact]
    public async Task Labels_of_ours_and_of_watchtower_order_the_steps()
    {
        await using var stack = await Stacks.UpAsync(OneLeg.Mine(), service => service switch
        {
            "a" => "    labels: { omis.agent.depends-on: b }",
            "b" => "    labels: { com.centurylinklabs.watchtower.depends-on: c }",
            _ => "",
        }, "a", "b", "c");
        await using var agent = stack.Agent(Rules.Quick);
        foreach (var name in new[] { "a", "b", "c" })
        {
            await stack.PushAsync(name, TestImage.Good(name, "2"));
        }

        Assert.Equal(["recreate c", "recreate b", "recreate a"], (await agent.RunAsync("plan", "--json")).Exits(0).Waves());
    }
}
