namespace Omis.Agent.Engine.Tests.Rollouts;

public sealed class HealthcheckTests
{
    private static readonly HealthCheck Asks = new(["/bin/wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/health"]) { Timeout = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task No_deadline_falls_within_the_start_period_of_a_healthcheck()
    {
        await using var stack = await Stacks.UpAsync(["web"]);
        await using var agent = stack.Agent(Deadline("2s"));
        await stack.PushAsync("web", TestImage.SlowStart("web", "2", 5) with { Health = Asks with { StartPeriod = TimeSpan.FromSeconds(40) } });
        Assert.Equal("committed", (await agent.CycleAsync()).Exits(0).Rollout().Outcome());
        await stack.AnswersAsync("web", "web 2");
    }

    [Fact]
    public async Task Without_a_start_period_the_deadline_holds()
    {
        await using var stack = await Stacks.UpAsync(["web"]);
        await using var agent = stack.Agent(Deadline("2s"));
        await stack.PushAsync("web", TestImage.SlowStart("web", "2", 30) with { Health = Asks });
        Assert.Equal("unhealthy", (await agent.CycleAsync()).Exits(4).Rollout().Reason());
        await stack.AnswersAsync("web", "web 1");
    }

    [Fact]
    public async Task A_healthcheck_that_hangs_is_not_healthy()
    {
        await using var stack = await Stacks.UpAsync(["web"]);
        await using var agent = stack.Agent(Deadline("3s"));
        await stack.PushAsync("web", TestImage.HangingHealthcheck("web", "2"));
        Assert.Equal("unhealthy", (await agent.CycleAsync()).Exits(4).Rollout().Reason());
        await stack.AnswersAsync("web", "web 1");
    }

    private static string Deadline(string text) => $$"""{ "defaults": { "healthy": { "stableFor": "1s", "deadline": "{{text}}" } } }""";
}
