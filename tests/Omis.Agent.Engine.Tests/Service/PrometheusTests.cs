using System.Text.Json.Nodes;
using Omis.Agent.Engine.Tests.Faults;
using Omis.Agent.Engine.Tests.Rollouts;
using Omis.Agent.Testing;

namespace Omis.Agent.Engine.Tests.Service;

/// <summary>A real Prometheus scrapes the service for a whole rollout, and its tool judges what it is given.</summary>
public sealed class PrometheusTests
{
    [Fact]
    public async Task Prometheus_sees_a_rollout_from_beginning_to_end()
    {
        var tools = await LabScript.RunAsync("prometheus");
        await using var stack = await Stacks.UpAsync(["api", "web"]);
        using var registrar = new Registrar();
        await using var home = stack.Agent();
        home.Configure(Rules.Quick, registrar.Config);
        var agent = home.Start("run");
        await registrar.ReadyAsync();
        using var prometheus = await PrometheusProcess.StartAsync(tools, home.Folder, registrar.Port, registrar.Token);
        await prometheus.ShowsAsync("omis_agent_up", 1);
        await prometheus.ShowsAsync($$"""sum(omis_agent_workloads{project="{{stack.Prefix}}",state="upToDate"})""", 2);

        await stack.PushAsync("web", TestImage.Good("web", "2"));
        (await home.RunAsync("update", stack.Prefix, "web", "--json")).Exits(0);
        await stack.PushAsync("api", TestImage.ExitsAtOnce("api", "2", 5));
        (await home.RunAsync("update", stack.Prefix, "api", "--json")).Exits(4);

        await prometheus.ShowsAsync($$"""omis_agent_rollouts_total{project="{{stack.Prefix}}",outcome="committed"}""", 1);
        await prometheus.ShowsAsync($$"""omis_agent_rollouts_total{project="{{stack.Prefix}}",outcome="reverted"}""", 1);
        await prometheus.ShowsAsync($$"""omis_agent_downtime_seconds_count{project="{{stack.Prefix}}",service="web"}""", 1);
        await prometheus.ShowsAsync($$"""omis_agent_revert_duration_seconds_count{project="{{stack.Prefix}}",service="api"}""", 1);
        await prometheus.ShowsAsync($$"""sum(omis_agent_registry_requests_total{registry="{{stack.Registry}}",status="200"}) > bool 3""", 1);
        await prometheus.ShowsAsync($$"""omis_agent_stuck_rollouts{project="{{stack.Prefix}}"}""", 0);

        using var socket = new ServiceSocket(home.ControlSocket);
        var metrics = Path.Combine(home.Folder, "metrics");
        await File.WriteAllTextAsync(metrics, await socket.TextAsync("/metrics"));
        var judged = await RunAsync("/bin/sh", "-c", $"'{tools}/promtool' check metrics < '{metrics}'");
        Assert.True(judged.ExitCode == 0 && judged.Errors.Length == 0, judged.ToString());
        agent.Terminate();
        (await agent.EndAsync()).Exits(0);
    }

    [Fact]
    public async Task The_alert_rules_are_right_and_fire_when_they_should()
    {
        var tools = await LabScript.RunAsync("prometheus");

        (await RunAsync($"{tools}/promtool", "check", "rules", RepositoryFile.Of("docs/monitoring/alerts.yml"))).OrThrow();
        (await RunAsync($"{tools}/promtool", "test", "rules", RepositoryFile.Of("tests/monitoring/alerts.test.yml"))).OrThrow();
        JsonNode.Parse(await File.ReadAllTextAsync(RepositoryFile.Of("docs/monitoring/dashboard.json")));
    }

    private static async Task<ProcessResult> RunAsync(string program, params string[] arguments)
    {
        using var process = ChildProcess.Start(program, arguments, new Dictionary<string, string?>(), "/");
        return await process.EndAsync(TimeSpan.FromMinutes(1));
    }
}
