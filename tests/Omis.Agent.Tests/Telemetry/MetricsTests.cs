using System.Globalization;
using Omis.Agent.Tests.Commands;
using Omis.Agent.Tests.Control.Api;

namespace Omis.Agent.Tests.Telemetry;

/// <summary>What <c>/metrics</c> tells of a service's life.</summary>
public sealed class MetricsTests : IDisposable
{
    private readonly RunningService service = new();

    public MetricsTests()
    {
        service.Cli.Source.Runs("api", Cli.Old).Runs("web", Cli.Old);
        service.Cli.Registry.Has("api", Cli.Old).Has("web", Cli.Old);
    }

    public void Dispose() => service.Dispose();

    [Fact]
    public async Task Rollouts_their_times_and_what_runs_are_counted()
    {
        await service.StartAsync();
        var before = await MetricsAsync();
        Assert.Equal("1", before["omis_agent_up"]);
        Assert.Equal("0", before["""omis_agent_rollouts_total{project="shop",outcome="reverted"}"""]);
        Assert.Equal("2", before["""omis_agent_workloads{project="shop",state="upToDate"}"""]);
        Assert.Equal("1", before["""omis_agent_checks_total{trigger="poll",result="ok"}"""]);

        service.Cli.Registry.Has("web", Cli.New);
        Assert.Equal(0, (await service.Cli.RunAsync("update")).Code);
        service.Cli.WithSick("api").Registry.Has("api", Cli.New);
        Assert.Equal(4, (await service.Cli.RunAsync("update")).Code);

        var after = await MetricsAsync();
        Assert.Equal("1", after["""omis_agent_rollouts_total{project="shop",outcome="committed"}"""]);
        Assert.Equal("1", after["""omis_agent_rollouts_total{project="shop",outcome="reverted"}"""]);
        Assert.Equal("2", after["""omis_agent_checks_total{trigger="manual",result="ok"}"""]);
        Assert.Equal("1", after["""omis_agent_revert_duration_seconds_count{project="shop",service="api"}"""]);
        Assert.Equal("1", after["""omis_agent_rollout_duration_seconds_count{project="shop",outcome="committed"}"""]);
        Assert.True(double.Parse(after["""omis_agent_probe_failures_total{project="shop",service="api",reason="exited"}"""], CultureInfo.InvariantCulture) >= 1);
        Assert.Equal("1", after["""omis_agent_workloads{project="shop",state="updateAvailable"}"""]);
        Assert.Equal("0", after["""omis_agent_stuck_rollouts{project="shop"}"""]);
        Assert.DoesNotContain(after.Keys, series => series.Contains("sha256", StringComparison.Ordinal));
        Assert.All(after.Keys, series => Assert.StartsWith("omis_agent_", series, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_waits_and_who_has_not_been_told_is_shown_at_the_moment_of_the_scrape()
    {
        await service.StartAsync();
        await service.Cli.RunAsync("pause", "shop");
        service.Cli.Registry.Has("web", Cli.New);
        await service.Cli.RunAsync("update");
        service.Cli.Time.Advance(TimeSpan.FromSeconds(90));

        var metrics = await MetricsAsync();

        Assert.Equal("1", metrics["""omis_agent_paused{project="shop"}"""]);
        Assert.Equal("1", metrics["""omis_agent_blocked_services{project="shop",reason="paused"}"""]);
        Assert.Equal("0", metrics["omis_agent_config_refused"]);
        Assert.InRange(double.Parse(metrics["omis_agent_last_check_age_seconds"], CultureInfo.InvariantCulture), 90, 900);
        Assert.InRange(double.Parse(metrics["omis_agent_process_resident_memory_bytes"], CultureInfo.InvariantCulture), 1e6, 1e11);
        Assert.StartsWith("omis_agent_build_info{version=\"", metrics.Keys.Single(series => series.StartsWith("omis_agent_build_info", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private async Task<Dictionary<string, string>> MetricsAsync()
    {
        var answer = await service.AtPortAsync(HttpMethod.Get, "/metrics");
        Assert.Equal((200, "text/plain"), (answer.Status, answer.Type));
        return answer.Text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToDictionary(line => line[..line.LastIndexOf(' ')], line => line[(line.LastIndexOf(' ') + 1)..]);
    }
}
