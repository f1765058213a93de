using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Rollouts;

public sealed class StandaloneTests
{
    [Fact]
    public async Task A_container_outside_compose_is_a_project_of_its_own()
    {
        await using var stack = new ComposeStack(OneLeg.Mine());
        var name = stack.Prefix + "-solo";
        var old = await RunAsync(stack, name);
        await using var agent = stack.Agent(Rules.Quick);
        await stack.PushAsync("solo", TestImage.Good("solo", "2"));
        var rollout = (await agent.CycleAsync()).Exits(0).Rollout();
        Assert.Equal(name, rollout["project"].Text());
        await stack.AnswersAsync("solo", "solo 2");
        var now = Assert.Single(await stack.Engine.NamedAsync(name));
        Assert.NotEqual(old.Id, now.Id);
        Assert.Equal(Portrait.Of(old), Portrait.Of(now));
    }

    [Fact]
    public async Task A_container_outside_compose_goes_back()
    {
        await using var stack = new ComposeStack(OneLeg.Mine());
        var name = stack.Prefix + "-solo";
        var old = await RunAsync(stack, name);
        await using var agent = stack.Agent(Rules.Quick);
        await stack.PushAsync("solo", TestImage.MissingEntrypoint("solo", "2"));
        Assert.Equal("startFailed", (await agent.CycleAsync()).Exits(4).Rollout().Reason());
        await stack.AnswersAsync("solo", "solo 1");
        var now = Assert.Single(await stack.Engine.NamedAsync(name));
        Assert.Equal(old.Id, now.Id);
        Assert.Equal(Portrait.Of(old), Portrait.Of(now));
    }

    private static async Task<ContainerFacts> RunAsync(ComposeStack stack, string name)
    {
        await stack.PushAsync("solo", TestImage.Good("solo", "1"));
        await stack.Engine.PullAsync(stack.Image("solo"));
        var id = await stack.Engine.CreateAsync(name, new JsonObject
        {
            ["Image"] = stack.Image("solo"),
            ["Env"] = new JsonArray("COLOUR=blue"),
            ["Labels"] = new JsonObject { ["shop.tier"] = "front" },
            ["ExposedPorts"] = new JsonObject { ["8080/tcp"] = new JsonObject() },
            ["HostConfig"] = new JsonObject
            {
                ["RestartPolicy"] = new JsonObject { ["Name"] = "unless-stopped" },
                ["PortBindings"] = new JsonObject { ["8080/tcp"] = new JsonArray(new JsonObject { ["HostIp"] = "127.0.0.1", ["HostPort"] = $"{stack.Port("solo")}" }) },
            },
        });
        await stack.Engine.StartAsync(id);
        await stack.AnswersAsync("solo", "solo 1");
        return await stack.Engine.InspectAsync(id);
    }
}
