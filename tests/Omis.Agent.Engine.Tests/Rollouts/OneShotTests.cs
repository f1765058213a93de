using System.Runtime.CompilerServices;

namespace Omis.Agent.Engine.Tests.Rollouts;

public sealed class OneShotTests
{
    [Fact]
    public async Task A_job_runs_to_its_end_before_the_service_that_awaits_it()
    {
        await using var stack = await UpAsync();
        await using var agent = stack.Agent(Rules.Quick);
        await stack.PushAsync("migrate", TestImage.OneShot("migrate", "2"));
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        await using var events = await stack.RecordAsync();
        var result = (await agent.CycleAsync()).Exits(0);
        Assert.Equal(["recreate migrate", "recreate web"], result.Waves());
        await stack.AnswersAsync("web", "web 2");
        Assert.Equal("migrate 1\nmigrate 2", await RunsAsync(stack));

        var (migrate, web) = (await stack.ContainerAsync("migrate"), await stack.ContainerAsync("web"));
        Assert.Equal(("exited", 0), (migrate.Status, migrate.ExitCode));
        var all = await events.AllAsync();
        Assert.True(At("die", migrate) < At("start", web));

        long At(string action, ContainerFacts container) => Assert.Single(all, happened => happened.Action == action && happened.ContainerId == container.Id).TimeNano;
    }

    [Fact]
    public async Task A_job_that_fails_keeps_its_service_as_it_is()
    {
        await using var stack = await UpAsync();
        await using var agent = stack.Agent(Rules.Quick);
        var before = await stack.IdsAsync();
        var web = await stack.ContainerAsync("web");
        await stack.PushAsync("migrate", TestImage.OneShot("migrate", "2", code: 3));
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        await using var events = await stack.RecordAsync();
        var rollout = (await agent.CycleAsync()).Exits(4).Rollout();
        Assert.Equal("exited", rollout.Reason());
        Assert.Equal(["migrate reverted", "web untouched"], rollout.Outcomes());
        Assert.Equal(3, rollout.Step("migrate")["exitCode"]!.GetValue<int>());

        Assert.Empty(await events.TouchesAsync(web.Id));
        Assert.Equal(before, await stack.IdsAsync());
        Assert.Equal(0, (await stack.ContainerAsync("migrate")).ExitCode);
        Assert.Equal("migrate 1\nmigrate 2", await RunsAsync(stack));
        Assert.Equal(rollout.Step("migrate")["to"].Text(), Assert.Single(await agent.QuarantineAsync()));
    }

    private static async Task<ComposeStack> UpAsync([CallerMemberName] string test = "")
    {
        var stack = new ComposeStack(OneLeg.For(test));
        await stack.PushAsync("migrate", TestImage.OneShot("migrate", "1"));
        await stack.PushAsync("web", TestImage.Good("web", "1"));
        await stack.BringUpAsync($$"""
            services:
              web:
                image: {{stack.Image("web")}}
                ports: ["127.0.0.1:{{stack.Port("web")}}:8080"]
                volumes: ["data:/www/data"]
                depends_on: { migrate: { condition: service_completed_successfully } }
              migrate:
                image: {{stack.Image("migrate")}}
                volumes: ["data:/data"]
            volumes: { data: {} }
            """);
        await stack.AnswersAsync("web", "web 1");
        return stack;
    }

    private static Task<string> RunsAsync(ComposeStack stack) => Http.TextAsync(stack.Url("web", "/data/runs"));
}
