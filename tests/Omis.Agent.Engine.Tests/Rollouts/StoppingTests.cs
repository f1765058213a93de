namespace Omis.Agent.Engine.Tests.Rollouts;

public sealed class StopSignalTests
{
    // On any other signal the container would have to be killed after half a minute.
    private const string Patient = "    stop_grace_period: 30s";

    [Fact]
    public Task The_images_own_stop_signal_ends_it() =>
        EndsByItselfAsync(OneLeg.Mine(), TestImage.StopsOn("web", "1", "SIGUSR1"), Patient);

    [Fact]
    public Task The_compose_files_stop_signal_ends_it() =>
        EndsByItselfAsync(OneLeg.Mine(), TestImage.StopsOn("web", "1", "SIGUSR2") with { StopSignal = "" }, Patient + "\n    stop_signal: SIGUSR2");

    [Fact]
    public Task Watchtowers_stop_signal_ends_it() =>
        EndsByItselfAsync(OneLeg.Mine(), TestImage.StopsOn("web", "1", "SIGUSR2") with { StopSignal = "" }, Patient + "\n    labels: { com.centurylinklabs.watchtower.stop-signal: SIGUSR2 }");

    private static async Task EndsByItselfAsync(LabEngine engine, TestImage image, string more)
    {
        await using var stack = await Stopping.UpAsync(engine, image, more);
        var took = await Stopping.StopTookAsync(stack);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }
}

public sealed class GracePeriodTests
{
    [Fact]
    public async Task A_container_that_ignores_the_signal_is_killed_after_its_grace_period_and_not_before()
    {
        await using var stack = await Stopping.UpAsync(OneLeg.Mine(), TestImage.IgnoresTerm("web", "1"), "    stop_grace_period: 3s");
        var took = await Stopping.StopTookAsync(stack);
        Assert.InRange(took, TimeSpan.FromSeconds(2.9), TimeSpan.FromSeconds(9.5));
    }
}

internal static class Stopping
{
    public static async Task<ComposeStack> UpAsync(LabEngine engine, TestImage image, string more)
    {
        var stack = new ComposeStack(engine);
        await stack.PushAsync("web", image);
        await stack.BringUpAsync($"""
            services:
              web:
                image: {stack.Image("web")}
                ports: ["127.0.0.1:{stack.Port("web")}:8080"]
            {more}
            """);
        await stack.AnswersAsync("web", "web 1");
        return stack;
    }

    /// <summary>Updates the service; from the first signal to the old container's end.</summary>
    public static async Task<TimeSpan> StopTookAsync(ComposeStack stack)
    {
        await using var agent = stack.Agent(Rules.Quick);
        var old = await stack.ContainerAsync("web");
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        await using var events = await stack.RecordAsync();
        Assert.Equal("committed", (await agent.CycleAsync()).Exits(0).Rollout().Outcome());
        await stack.AnswersAsync("web", "web 2");
        var touches = await events.TouchesAsync(old.Id);
        var killed = touches.First(happened => happened.Action == "kill");
        var died = Assert.Single(touches, happened => happened.Action == "die");
        return TimeSpan.FromTicks((died.TimeNano - killed.TimeNano) / TimeSpan.NanosecondsPerTick);
    }
}
