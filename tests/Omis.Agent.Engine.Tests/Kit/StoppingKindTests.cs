namespace Omis.Agent.Engine.Tests.Kit;

public sealed class StoppingKindTests
{
    [Theory, EachLeg]
    public async Task An_image_that_ignores_the_signal_is_killed_after_the_grace_period(string leg)
    {
        await using var trial = await Trial.StartAsync(leg, TestImage.IgnoresTerm("web", "1"));
        await trial.AnswersAsync("web 1");
        Assert.Equal(137, (await trial.StopAsync(graceSeconds: 1)).ExitCode);
    }

    [Theory, EachLeg]
    public async Task An_image_with_its_own_stop_signal_exits_on_that_one(string leg)
    {
        await using var trial = await Trial.StartAsync(leg, TestImage.StopsOn("web", "1", "SIGUSR1"));
        await trial.AnswersAsync("web 1");
        Assert.Equal(0, (await trial.StopAsync(graceSeconds: 10)).ExitCode);
    }

    [Theory, EachLeg]
    public async Task A_missing_entrypoint_fails_the_start(string leg)
    {
        await using var trial = await Trial.CreateAsync(leg, TestImage.MissingEntrypoint("web", "1"));
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(trial.StartAsync);
        Assert.Contains("no such file", fault.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, EachLeg]
    public async Task No_command_at_all_fails_the_creation(string leg)
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => Trial.CreateAsync(leg, TestImage.NoCommand("web", "1")));
        Assert.Contains("no command specified", fault.Message, StringComparison.OrdinalIgnoreCase);
    }
}
