namespace Omis.Agent.Engine.Tests.Rollouts;

public sealed class RunStateTests
{
    [Fact]
    public async Task A_stopped_service_stays_stopped_and_its_image_is_not_fetched()
    {
        await using var stack = await Stacks.UpAsync(["api", "web"]);
        await using var agent = stack.Agent(Rules.Quick);
        var web = await stack.ContainerAsync("web");
        await stack.Engine.StopAsync(web.Id);
        await stack.PushAsync("api", TestImage.Good("api", "2"));
        var pushed = await stack.PushAsync("web", TestImage.Good("web", "2"));
        var result = (await agent.CycleAsync()).Exits(0);
        Assert.Equal(["recreate api"], result.Waves());
        Assert.Equal(["web stopped"], result.Skips());
        var after = await stack.ContainerAsync("web");
        Assert.Equal((web.Id, "exited"), (after.Id, after.Status));
        Assert.Null(await stack.Engine.ImageIdAsync(pushed.ByDigest));
    }

    [Fact]
    public async Task A_service_that_crashes_again_and_again_is_updated()
    {
        await using var stack = new ComposeStack(OneLeg.Mine());
        await stack.PushAsync("web", TestImage.ExitsAtOnce("web", "1"));
        await stack.BringUpAsync($"""
            services:
              web:
                image: {stack.Image("web")}
                restart: always
                ports: ["127.0.0.1:{stack.Port("web")}:8080"]
            """);
        await Eventually.BeAsync("it crashes", async () => (await stack.ContainerAsync("web")).Json["RestartCount"]!.GetValue<int>() > 1);
        await using var agent = stack.Agent(Rules.Quick);
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        Assert.Equal("committed", (await agent.CycleAsync()).Exits(0).Rollout().Outcome());
        await stack.AnswersAsync("web", "web 2");
        Assert.Equal("always", (await stack.ContainerAsync("web")).Json["HostConfig"]!["RestartPolicy"]!["Name"].Text());
    }
}
