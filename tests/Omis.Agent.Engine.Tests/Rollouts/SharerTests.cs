namespace Omis.Agent.Engine.Tests.Rollouts;

public sealed class SharerTests
{
    [Fact]
    public async Task Who_shares_a_network_is_renewed_with_its_owner_and_answers_through_it()
    {
        await using var stack = new ComposeStack(OneLeg.Mine());
        await stack.PushAsync("vpn", TestImage.Good("vpn", "1"));
        await stack.PushAsync("app", TestImage.Good("app", "1"));
        await stack.BringUpAsync($"""
            services:
              app:
                image: {stack.Image("app")}
                network_mode: "service:vpn"
              vpn:
                image: {stack.Image("vpn")}
                command: ["/bin/sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait $$!"]
                ports: ["127.0.0.1:{stack.Port("vpn")}:8080"]
            """);
        await stack.AnswersAsync("vpn", "app 1");
        await using var agent = stack.Agent(Rules.Quick);
        await stack.PushAsync("vpn", TestImage.Good("vpn", "2"));
        var result = (await agent.CycleAsync()).Exits(0);
        Assert.Equal(["recreate vpn", "recreate app"], result.Waves());
        Assert.Equal(["vpn committed", "app committed"], result.Rollout().Outcomes());

        var app = await stack.ContainerAsync("app");
        Assert.Equal("container:" + (await stack.ContainerAsync("vpn")).Id, app.Json["HostConfig"]!["NetworkMode"].Text());
        await stack.AnswersAsync("vpn", "app 1");
        await ComposeWouldRenewOnlyAsync(stack, "app");
    }

    [Fact]
    public async Task Who_shares_a_network_comes_back_to_the_old_owner()
    {
        await using var stack = new ComposeStack(OneLeg.Mine());
        await stack.PushAsync("vpn", TestImage.Good("vpn", "1"));
        await stack.PushAsync("app", TestImage.Good("app", "1"));
        await stack.BringUpAsync($"""
            services:
              app:
                image: {stack.Image("app")}
                network_mode: "service:vpn"
              vpn:
                image: {stack.Image("vpn")}
                command: ["/bin/sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait $$!"]
                ports: ["127.0.0.1:{stack.Port("vpn")}:8080"]
            """);
        await stack.AnswersAsync("vpn", "app 1");
        await using var agent = stack.Agent(Rules.Quick);
        var before = await stack.IdsAsync();
        await stack.PushAsync("vpn", TestImage.Good("vpn", "2"));
        await stack.PushAsync("app", TestImage.ExitsAtOnce("app", "2"));
        var rollout = (await agent.CycleAsync()).Exits(4).Rollout();
        Assert.Equal(["vpn reverted", "app reverted"], rollout.Outcomes());
        Assert.Equal(before, await stack.IdsAsync());
        await stack.AnswersAsync("vpn", "app 1");
        Assert.Empty(await stack.UpDryAsync());
    }

    [Fact]
    public async Task Who_shares_processes_memory_or_volumes_is_renewed_with_their_owner()
    {
        await using var stack = await Stacks.UpAsync(OneLeg.Mine(), service => service switch
        {
            "main" => "    ipc: shareable\n    volumes: [\"/data\"]",
            "pid" => "    pid: \"service:main\"",
            "ipc" => "    ipc: \"service:main\"",
            _ => "    volumes_from: [main]",
        }, "main", "pid", "ipc", "files");
        await using var agent = stack.Agent(Rules.Quick);
        var data = Assert.Single((await stack.ContainerAsync("main")).Volumes);
        await stack.PushAsync("main", TestImage.Good("main", "2"));
        var result = (await agent.CycleAsync()).Exits(0);
        Assert.Equal(["recreate main", "recreate files, recreate ipc, recreate pid"], result.Waves());

        var owner = await stack.ContainerAsync("main");
        Assert.Equal(data, Assert.Single(owner.Volumes));
        Assert.Equal(data, Assert.Single((await stack.ContainerAsync("files")).Volumes));
        Assert.Equal("container:" + owner.Id, (await stack.ContainerAsync("pid")).Json["HostConfig"]!["PidMode"].Text());
        Assert.Equal("container:" + owner.Id, (await stack.ContainerAsync("ipc")).Json["HostConfig"]!["IpcMode"].Text());
        foreach (var service in new[] { "pid", "ipc", "files" })
        {
            await stack.AnswersAsync(service, service + " 1");
        }

        await ComposeWouldRenewOnlyAsync(stack, "pid", "ipc", "files");
    }

    /// <summary>Compose hashes the owner's container id into what it remembers of a sharer, so that it finds every sharer changed whose owner has a new one.</summary>
    private static async Task ComposeWouldRenewOnlyAsync(ComposeStack stack, params string[] sharers) =>
        Assert.All(await stack.UpDryAsync(), change => Assert.Contains(sharers, sharer => change.Contains($"{stack.Prefix}-{sharer}-1", StringComparison.Ordinal)));
}
