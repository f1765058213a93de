namespace Omis.Agent.Engine.Tests.Kit;

public sealed class HealthKindTests
{
    [Theory, EachLeg]
    public async Task A_healthy_image_becomes_healthy(string leg)
    {
        await using var trial = await Trial.StartAsync(leg, TestImage.Healthy("web", "1"));
        Assert.Equal("starting", (await trial.SeenAsync()).Health);
        await trial.BecomesAsync("healthy", seen => seen.Health == "healthy");
    }

    [Theory, EachLeg]
    public async Task A_never_healthy_image_serves_and_becomes_unhealthy(string leg)
    {
        await using var trial = await Trial.StartAsync(leg, TestImage.NeverHealthy("web", "1"));
        await trial.AnswersAsync("web 1");
        await trial.BecomesAsync("unhealthy", seen => seen.Health == "unhealthy");
    }

    [Theory, EachLeg]
    public async Task A_hanging_healthcheck_is_unhealthy_once_its_timeout_has_passed(string leg)
    {
        await using var trial = await Trial.StartAsync(leg, TestImage.HangingHealthcheck("web", "1", TimeSpan.FromSeconds(1)));
        await trial.BecomesAsync("unhealthy", seen => seen.Health == "unhealthy");
    }
}
