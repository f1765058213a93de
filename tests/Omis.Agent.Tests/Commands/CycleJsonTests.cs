using System.Text.Json;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Tests.Commands;

/// <summary>The shapes of the contract's cycle document.</summary>
public sealed class CycleJsonTests : IDisposable
{
    private readonly Cli cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Check_shows_what_runs_and_what_the_registry_has_and_no_more()
    {
        cli.WithUpdate();

        var said = await cli.RunAsync("check", "--json");

        Assert.Equal(["cycle", "startedAt", "durationMs", "seen"], Names(said.Json));
        var seen = said.Json.GetProperty("seen")[0];
        Assert.Equal(["project", "service", "replicas", "image", "running", "latest", "state"], Names(seen));
        Assert.Equal("updateAvailable", seen.GetProperty("state").GetString());
        Assert.Equal("2026-05-01T12:00:00Z", said.Json.GetProperty("startedAt").GetString());
        Assert.Equal(0, said.Code);
    }

    [Fact]
    public async Task Plan_shows_waves_and_every_skip_with_its_reason()
    {
        cli.WithUpdate().Config(""", "projects": { "shop": { "services": { "postgres": { "update": "never" } } } }""").Source.Runs("postgres", Cli.Old);

        var said = await cli.RunAsync("plan", "--json");

        Assert.Equal(["cycle", "startedAt", "durationMs", "seen", "plan"], Names(said.Json));
        var plan = said.Json.GetProperty("plan");
        Assert.Equal(["waves", "skipped"], Names(plan));
        Assert.Equal(["project", "service", "action", "from", "to", "cause"], Names(plan.GetProperty("waves")[0][0]));
        Assert.Equal("recreate", plan.GetProperty("waves")[0][0].GetProperty("action").GetString());
        Assert.Equal(["project", "service", "reason", "detail"], Names(plan.GetProperty("skipped")[0]));
        Assert.Equal("updateNever", plan.GetProperty("skipped")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_reverted_rollout_tells_what_failed_and_what_the_container_said_last()
    {
        var said = await cli.WithUpdate().WithSick().RunAsync("run", "--once", "--json");

        Assert.Equal(["cycle", "startedAt", "durationMs", "seen", "plan", "rollouts"], Names(said.Json));
        var rollout = said.Json.GetProperty("rollouts")[0];
        Assert.Equal(["id", "project", "trigger", "actor", "outcome", "reason", "startedAt", "endedAt", "steps"], Names(rollout));
        Assert.Equal(JsonValueKind.Null, rollout.GetProperty("actor").ValueKind);
        Assert.Equal("poll", rollout.GetProperty("trigger").GetString());
        Assert.Equal("reverted", rollout.GetProperty("outcome").GetString());
        Assert.Equal(["code", "detail"], Names(rollout.GetProperty("reason")));
        var step = rollout.GetProperty("steps")[0];
        Assert.Equal(["service", "action", "from", "to", "outcome", "downMs", "revertMs", "exitCode", "logTail", "image"], Names(step));
        Assert.Equal(["starting", "cannot open database"], step.GetProperty("logTail").EnumerateArray().Select(line => line.GetString()));
        Assert.Equal(4, said.Code);
    }

    [Fact]
    public async Task A_committed_rollout_says_null_where_there_is_no_reason()
    {
        var said = await cli.WithUpdate().RunAsync("run", "--once", "--json");

        var rollout = said.Json.GetProperty("rollouts")[0];
        Assert.Equal("committed", rollout.GetProperty("outcome").GetString());
        Assert.Equal(JsonValueKind.Null, rollout.GetProperty("reason").ValueKind);
        Assert.Equal(0, said.Code);
    }

    [Fact]
    public async Task An_engine_that_is_away_gives_the_cycle_with_its_error()
    {
        cli.Source.Fault = new EnvironmentException(ReasonCode.EngineUnavailable, "engine at unix:///x: no such file");

        foreach (var verb in (string[][])[["check"], ["plan"], ["run", "--once"], ["update"]])
        {
            var said = await cli.RunAsync([.. verb, "--json"]);

            Assert.Equal("engineUnavailable", said.Json.GetProperty("error").GetProperty("code").GetString());
            Assert.True(said.Json.TryGetProperty("cycle", out _));
            Assert.False(said.Json.TryGetProperty("seen", out _));
            Assert.Contains("no such file", said.Error, StringComparison.Ordinal);
            Assert.Equal(3, said.Code);
        }
    }

    [Fact]
    public async Task A_registry_that_does_not_answer_is_a_skip_with_its_reason()
    {
        cli.WithUpdate().Registry.Answers("backend", new RegistryAnswer.Failed(ReasonCode.RateLimited, "429 from 127.0.0.1:5000"));

        var said = await cli.RunAsync("run", "--once", "--json");

        Assert.Equal("unknown", said.Json.GetProperty("seen")[0].GetProperty("state").GetString());
        Assert.Equal("rateLimited", said.Json.GetProperty("plan").GetProperty("skipped")[0].GetProperty("reason").GetString());
        Assert.Equal(0, said.Json.GetProperty("rollouts").GetArrayLength());
        Assert.Equal(3, said.Code);
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
