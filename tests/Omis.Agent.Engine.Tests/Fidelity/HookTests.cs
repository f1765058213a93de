namespace Omis.Agent.Engine.Tests.Fidelity;

/// <summary>Commands that compose 2.30 and later runs in a container after its start and before its stop; only the compose file knows of them.</summary>
public sealed class HookTests
{
    [Fact]
    public async Task Hooks_are_run_as_compose_runs_them()
    {
        await using var stack = await UpAsync("echo started $$(id -g) $$(pwd) $$OWN >>/data/log");
        await using var agent = stack.Agent(Rollouts.Rules.Quick);
        Assert.Equal("started 7 /www own\n", await LogAsync(stack));

        await stack.PushAsync("web", TestImage.Good("web", "2"));
        (await agent.CycleAsync()).Exits(0);
        Assert.Equal("started 7 /www own\nstopping\nstarted 7 /www own\n", await LogAsync(stack));

        await stack.PushAsync("web", TestImage.ExitsAtOnce("web", "3"));
        (await agent.CycleAsync()).Exits(4);
        Assert.Equal("started 7 /www own\nstopping\nstarted 7 /www own\nstopping\nstarted 7 /www own\n", await LogAsync(stack));
    }

    [Fact]
    public async Task A_post_start_hook_that_fails_with_the_new_image_takes_it_back()
    {
        await using var stack = await UpAsync("test -f /www/health && echo started >>/data/log");
        await using var agent = stack.Agent(Rollouts.Rules.Quick);
        var good = TestImage.Good("web", "2");
        await stack.PushAsync("web", good with { Files = good.Files.Remove("www/health") });
        var cycle = (await agent.CycleAsync()).Exits(4);
        Assert.Contains("post_start hook /bin/sh: exit code 1", cycle.Rollouts[0]["reason"]!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        await stack.AnswersAsync("web", "web 1");
    }

    [Fact]
    public async Task A_hook_that_only_compose_can_read_is_not_guessed_and_nothing_is_touched()
    {
        await using var stack = await UpAsync("echo ${HOOK_VALUE:-x} >>/data/log");
        await using var agent = stack.Agent(Rollouts.Rules.Quick);
        var before = (await stack.ContainerAsync("web")).Id;
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        var cycle = (await agent.CycleAsync()).Exits(6);
        var skip = Assert.Single(cycle.Json["plan"]!["skipped"]!.AsArray())!;
        Assert.Equal("lossy", skip["reason"]!.GetValue<string>());
        Assert.Equal(before, (await stack.ContainerAsync("web")).Id);
    }

    private static async Task<ComposeStack> UpAsync(string started)
    {
        var stack = new ComposeStack(Lab.Current.Engines[^1], Lab.Current.NewestCompose);
        await stack.PushAsync("web", TestImage.Good("web", "1"));
        Directory.CreateDirectory(Path.Combine(stack.Folder.FullName, "data"));
        await Rollouts.Stacks.BringUpAsync(stack, $$"""
            services:
              web:
                image: {{stack.Image("web")}}
                ports: ["127.0.0.1:{{stack.Port("web")}}:8080"]
                volumes: [./data:/data]
                post_start:
                  - { command: [/bin/sh, -c, "{{started}}"], user: "0:7", working_dir: /www, environment: { OWN: own } }
                pre_stop:
                  - command: /bin/sh -c 'echo stopping >>/data/log'
            """);
        return stack;
    }

    private static async Task<string> LogAsync(ComposeStack stack) =>
        (await stack.RunAsync("exec", "-T", "web", "/bin/cat", "/data/log")).Output;
}
