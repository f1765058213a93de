using System.Collections.Immutable;

namespace Omis.Agent.Engine.Tests.Kit;

public sealed class ServingKindTests
{
    [Theory, EachLeg]
    public async Task A_good_image_serves_its_version_and_stops_when_it_is_told(string leg)
    {
        await using var trial = await Trial.StartAsync(leg, TestImage.Good("web", "1.2"));
        await trial.AnswersAsync("web 1.2");
        Assert.Equal(200, await trial.StatusAsync("/health"));
        Assert.Equal(0, (await trial.StopAsync()).ExitCode);
    }

    [Theory, EachLeg]
    public async Task A_slow_image_answers_late(string leg)
    {
        await using var trial = await Trial.StartAsync(leg, TestImage.SlowStart("web", "1", 1.5));
        await trial.AnswersAsync("web 1");
        Assert.InRange(DateTimeOffset.UtcNow - (await trial.SeenAsync()).StartedAt, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(15));
    }

    [Theory, EachLeg]
    public async Task A_failing_image_serves_but_its_health_is_500(string leg)
    {
        await using var trial = await Trial.StartAsync(leg, TestImage.Failing("web", "1"));
        await trial.AnswersAsync("web 1");
        Assert.Equal(500, await trial.StatusAsync("/health"));
        Assert.Null((await trial.SeenAsync()).Health);
    }

    [Theory, EachLeg]
    public async Task Defaults_of_the_image_reach_the_container(string leg)
    {
        var image = TestImage.Good("web", "1") with
        {
            Env = ["COLOUR=blue"],
            User = "app",
            WorkingDir = "/tmp",
            Volumes = ["/data"],
            ExposedPorts = ["9090/tcp"],
            Labels = ImmutableSortedDictionary<string, string>.Empty.Add("shop.tier", "front"),
        };
        await using var trial = await Trial.StartAsync(leg, image);
        await trial.AnswersAsync("web 1");
        var seen = await trial.SeenAsync();
        var config = seen.Json["Config"]!;
        Assert.Contains("COLOUR=blue", config["Env"]!.AsArray().Select(text => text!.GetValue<string>()));
        Assert.Equal("app", config["User"]!.GetValue<string>());
        Assert.Equal("/tmp", config["WorkingDir"]!.GetValue<string>());
        Assert.NotNull(config["ExposedPorts"]!["9090/tcp"]);
        Assert.Equal("front", seen.Label("shop.tier"));
        Assert.Single(seen.Volumes);
    }
}

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
