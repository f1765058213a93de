using System.Runtime.CompilerServices;

namespace Omis.Agent.Engine.Tests.Rollouts;

public sealed class ReplicaTests
{
    [Fact]
    public async Task Replicas_go_one_at_a_time()
    {
        await using var stack = await UpAsync();
        await using var agent = stack.Agent(Rules.Quick);
        var old = await stack.PsAsync();
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        await using var events = await stack.RecordAsync();
        var result = (await agent.CycleAsync()).Exits(0);
        Assert.Equal(3, Assert.Single(result.Json["seen"].Items())["replicas"]!.GetValue<int>());

        var now = await stack.PsAsync();
        Assert.Equal(old.Select(container => container.Name), now.Select(container => container.Name));
        Assert.All(now, container => Assert.True(container.IsRunning));
        Assert.Empty(old.Select(container => container.Id).Intersect(now.Select(container => container.Id)));
        var steps = (await events.AllAsync()).Where(happened => happened.Action is "die" or "start");
        Assert.Equal(
            old.Zip(now).SelectMany(pair => new[] { "die " + pair.First.Id, "start " + pair.Second.Id }),
            steps.Select(happened => $"{happened.Action} {happened.ContainerId}"));
        Assert.Empty(await stack.UpDryAsync());
    }

    [Fact]
    public async Task A_sick_canary_spares_the_other_replicas()
    {
        await using var stack = await UpAsync();
        await using var agent = stack.Agent(Rules.Quick);
        var before = await stack.PsAsync();
        await stack.PushAsync("web", TestImage.ExitsAtOnce("web", "2"));
        await using var events = await stack.RecordAsync();
        (await agent.CycleAsync()).Exits(4);
        Assert.Equal(before.Select(container => container.Id), (await stack.PsAsync()).Select(container => container.Id));
        Assert.NotEmpty(await events.TouchesAsync(before[0].Id));
        Assert.Empty(await events.TouchesAsync(before[1].Id));
        Assert.Empty(await events.TouchesAsync(before[2].Id));
    }

    private static async Task<ComposeStack> UpAsync([CallerMemberName] string test = "")
    {
        var stack = new ComposeStack(OneLeg.For(test));
        await stack.PushAsync("web", TestImage.Good("web", "1"));
        await stack.BringUpAsync($$"""
            services:
              web:
                image: {{stack.Image("web")}}
                ports: ["8080"]
                deploy: { replicas: 3 }
            """);
        return stack;
    }
}
