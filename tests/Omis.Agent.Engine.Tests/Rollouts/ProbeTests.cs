namespace Omis.Agent.Engine.Tests.Rollouts;

public sealed class PassingProbeTests
{
    [Fact]
    public async Task Every_kind_of_probe_that_passes_lets_the_update_through()
    {
        await using var stack = await Stacks.UpAsync(["web"]);
        await using var agent = stack.Agent(Rules.For(stack, "web", """
            "probes": [
              { "http": "http://127.0.0.1:{port:8080}/health", "status": "200-204", "body": "^ok" },
              { "http": "http://{ip}:8080/", "body": "^web 2" },
              { "http": "http://{ip}:8080/not-there", "status": "404" },
              { "tcp": "{ip}:8080" },
              { "tcp": "127.0.0.1:{port:8080}" },
              { "exec": ["/bin/sh", "-c", "wget -q -O /dev/null http://127.0.0.1:8080/health"] }
            ]
            """, deadline: "15s"));
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        Assert.Equal("committed", (await agent.CycleAsync()).Exits(0).Rollout().Outcome());
        await stack.AnswersAsync("web", "web 2");
    }

    [Fact]
    public async Task A_slow_start_within_the_deadline_is_accepted_and_counts_as_down()
    {
        await using var stack = await Stacks.UpAsync(["web"]);
        await using var agent = stack.Agent(Rules.For(stack, "web", """ "probes": [ { "http": "http://127.0.0.1:{port:8080}/" } ] """, deadline: "20s"));
        await stack.PushAsync("web", TestImage.SlowStart("web", "2", 3));
        var rollout = (await agent.CycleAsync()).Exits(0).Rollout();
        Assert.InRange(rollout.Step("web")["downMs"]!.GetValue<long>(), 3000, 20000);
        await stack.AnswersAsync("web", "web 2");
    }
}

public sealed class FailingProbeTests
{
    [Theory]
    [InlineData("""{ "http": "http://{ip}:8080/", "body": "^web 1" }""", "body")]
    [InlineData("""{ "http": "http://127.0.0.1:{port:8080}/", "status": "204" }""", "200")]
    [InlineData("""{ "http": "http://127.0.0.1:{port:9090}/" }""", "not published")]
    public Task An_http_probe_that_fails_takes_the_update_back(string probe, string detail) => GoesBackAsync(probe, detail);

    [Theory]
    [InlineData("""{ "tcp": "{ip}:9090" }""", "9090")]
    [InlineData("""{ "exec": ["/bin/sh", "-c", "test $(cat /www/index.html) = 1"] }""", "exit code")]
    [InlineData("""{ "exec": ["/bin/not-there"] }""", "not-there")]
    public Task A_tcp_or_exec_probe_that_fails_takes_the_update_back(string probe, string detail) => GoesBackAsync(probe, detail);

    private static async Task GoesBackAsync(string probe, string detail)
    {
        await using var stack = await Stacks.UpAsync(["web"], test: probe);
        await using var agent = stack.Agent(Rules.For(stack, "web", $$""" "probes": [ {{probe}} ] """, deadline: "3s"));
        var before = await stack.IdsAsync();
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        var rollout = (await agent.CycleAsync()).Exits(4).Rollout();
        Assert.Equal("probeFailed", rollout.Reason());
        Assert.Contains(detail, rollout.Detail(), StringComparison.Ordinal);
        Assert.Equal(before, await stack.IdsAsync());
        await stack.AnswersAsync("web", "web 1");
    }
}

public sealed class ProbeLabelTests
{
    private const string Labels = """
            labels:
              omis.agent.probe.http: "http://127.0.0.1:{port:8080}/health"
              omis.agent.probe.tcp: "{ip}:8080"
              omis.agent.healthy.stable-for: 1s
              omis.agent.healthy.deadline: 6s
        """;

    // With nothing in the config, ten seconds of calm would be enough for the first and five minutes of patience too long for the second.
    [Fact]
    public async Task Labels_say_what_is_asked_and_for_how_long()
    {
        await using var stack = await Stacks.UpAsync(OneLeg.Mine(), _ => Labels, "web");
        await using var agent = stack.Agent();
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        var good = (await agent.CycleAsync()).Exits(0).Rollout();
        Assert.True(good["endedAt"]!.GetValue<DateTimeOffset>() - good["startedAt"]!.GetValue<DateTimeOffset>() < TimeSpan.FromSeconds(10));

        await stack.PushAsync("web", TestImage.Failing("web", "3"));
        var bad = (await agent.CycleAsync()).Exits(4).Rollout();
        Assert.Equal("probeFailed", bad.Reason());
        Assert.Contains("/health: 500", bad.Detail(), StringComparison.Ordinal);
        await stack.AnswersAsync("web", "web 2");
    }
}
