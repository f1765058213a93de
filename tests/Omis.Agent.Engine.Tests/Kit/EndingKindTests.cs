namespace Omis.Agent.Engine.Tests.Kit;

public sealed class EndingKindTests
{
    [Theory, EachLeg]
    public async Task An_image_exits_at_once_with_its_code(string leg)
    {
        await using var trial = await Trial.StartAsync(leg, TestImage.ExitsAtOnce("web", "1", 7));
        Assert.Equal(7, (await trial.EndsAsync()).ExitCode);
    }

    [Theory, EachLeg]
    public async Task An_image_serves_for_a_while_and_then_exits(string leg)
    {
        await using var trial = await Trial.StartAsync(leg, TestImage.ExitsAfter("web", "1", 1.5, 3));
        await trial.AnswersAsync("web 1");
        Assert.Equal(3, (await trial.EndsAsync()).ExitCode);
    }

    [Theory, EachLeg]
    public async Task A_dying_image_says_its_last_words(string leg)
    {
        await using var trial = await Trial.StartAsync(leg, TestImage.PrintsAndDies("web", "1", ["no database", "giving up"], 4));
        Assert.Equal(4, (await trial.EndsAsync()).ExitCode);
        Assert.Equal("no database\ngiving up\n", await trial.LogsAsync());
    }

    [Theory, EachLeg]
    public async Task A_job_writes_to_its_volume_and_exits(string leg)
    {
        await using var trial = await Trial.StartAsync(leg, TestImage.OneShot("job", "1", 5) with { Volumes = ["/data"] });
        Assert.Equal(5, (await trial.EndsAsync()).ExitCode);
        Assert.Equal("job 1\n", await trial.ReadAsync("/data/runs"));
    }
}
