using System.Text.Json.Nodes;
using Omis.Agent.Engine.Tests.Faults;

namespace Omis.Agent.Engine.Tests.Rollouts;

public sealed class PinTests
{
    [Theory, EachLeg]
    public async Task A_service_pinned_at_a_digest_is_taken_there_and_no_further(string leg)
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engine(leg), new Wanted { Services = ["api", "web"] });
        var there = await update.Stack.PushAsync("web", TestImage.Good("web", "2"), "two");
        await update.ReleaseAsync("3");
        (await update.Home.RunAsync("pin", update.Stack.Prefix, "web", there.Digest)).Exits(0);
        Assert.Equal("committed", (await update.CycleAsync()).Exits(0).Rollout().Outcome());
        await update.Stack.AnswersAsync("api", "api 3");
        await update.Stack.AnswersAsync("web", "web 2");
        Assert.Empty(await update.Stack.UpDryAsync());
        var again = (await update.CycleAsync()).Exits(0);
        Assert.Empty(again.Rollouts);
        Assert.Equal(["api upToDate", "web pinned"], again.Skips());

        (await update.Home.RunAsync("unpin", update.Stack.Prefix, "web")).Exits(0);
        await update.TakesTheUpdateAsync("3");
    }

    [Fact]
    public async Task A_container_outside_compose_goes_back_and_stays_there()
    {
        await using var stack = new ComposeStack(OneLeg.Mine());
        var name = stack.Prefix + "-solo";
        await stack.PushAsync("solo", TestImage.Good("solo", "1"));
        await stack.Engine.PullAsync(stack.Image("solo"));
        var id = await stack.Engine.CreateAsync(name, new JsonObject
        {
            ["Image"] = stack.Image("solo"),
            ["ExposedPorts"] = new JsonObject { ["8080/tcp"] = new JsonObject() },
            ["HostConfig"] = new JsonObject { ["PortBindings"] = new JsonObject { ["8080/tcp"] = new JsonArray(new JsonObject { ["HostIp"] = "127.0.0.1", ["HostPort"] = $"{stack.Port("solo")}" }) } },
        });
        await stack.Engine.StartAsync(id);
        await using var agent = stack.Agent(Rules.Quick);
        await stack.PushAsync("solo", TestImage.Good("solo", "2"));
        (await agent.CycleAsync()).Exits(0);
        await stack.AnswersAsync("solo", "solo 2");
        (await agent.RunAsync("rollback", name)).Exits(0);
        await stack.AnswersAsync("solo", "solo 1");
        Assert.Equal(["solo pinned".Replace("solo", name, StringComparison.Ordinal)], (await agent.CycleAsync()).Exits(0).Skips());
    }
}
