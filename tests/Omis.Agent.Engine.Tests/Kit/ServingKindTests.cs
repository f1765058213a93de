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

        // StartedAt is when the engine has noted the start, a little after it.
        Assert.InRange(DateTimeOffset.UtcNow - (await trial.SeenAsync()).StartedAt, TimeSpan.FromSeconds(1.2), TimeSpan.FromSeconds(30));
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
