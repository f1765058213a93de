using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Core.Settings;
using Omis.Agent.Hosting;
using Omis.Agent.Telemetry;
using Omis.Agent.Tests.Registries;

namespace Omis.Agent.Tests.Telemetry;

/// <summary>What a collector gets, as bytes on its wire: names and labels stand in them as they are.</summary>
public sealed class OtlpExportTests
{
    private readonly ConcurrentQueue<(string Path, string Token, string Body)> got = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Metrics_and_the_trace_of_a_rollout_arrive_at_the_collector(bool configured)
    {
        await using var collector = await ScriptedServer.StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            got.Enqueue((context.Request.Path.Value!, context.Request.Headers["x-token"].ToString(), Encoding.Latin1.GetString(body.ToArray())));
            context.Response.ContentType = "application/x-protobuf";
        });
        var settings = configured ? new TelemetrySettings(new OtlpSettings(new Uri($"http://{collector.Authority}/")) { Headers = "x-token=s3cret" }) : new TelemetrySettings();
        var environment = new Dictionary<string, string>();
        if (!configured)
        {
            environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://{collector.Authority}";
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", environment["OTEL_EXPORTER_OTLP_ENDPOINT"]);
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        }

        try
        {
            Observe(settings, environment);
        }
        finally
        {
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", null);
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", null);
        }

        var (_, token, traces) = got.First(one => one.Path == "/v1/traces");
        Assert.Equal(configured ? "s3cret" : "", token);
        Assert.All(["omis-agent", "rollout", "pull", "probe", "omis.project", "shop"], word => Assert.Contains(word, traces, StringComparison.Ordinal));
        var metrics = got.First(one => one.Path == "/v1/metrics").Body;
        Assert.All(["omis_agent.rollouts", "omis_agent.up", "committed"], word => Assert.Contains(word, metrics, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_sent_where_no_collector_is_named() => Assert.Null(OtlpExport.TryStart(new TelemetrySettings(), new Dictionary<string, string>()));

    private static void Observe(TelemetrySettings settings, Dictionary<string, string> environment)
    {
        var status = new StatusReport { Service = ServiceActivity.Idle, Pauses = [], Projects = [] };
        using var observatory = new Observatory(settings, environment, () => status, new FakeTimeProvider());
        var (web, header) = (new WorkloadId("shop", "web"), new RolloutHeader { Id = "1", Project = "shop", Trigger = Trigger.Poll, StartedAt = default, Steps = [] });
        foreach (var happening in (RolloutEvent[])
        [
            new RolloutEvent.Began(header),
            new RolloutEvent.Moved(web, RolloutPhase.Swapping),
            new RolloutEvent.Moved(web, RolloutPhase.Probing),
            new RolloutEvent.Moved(web, RolloutPhase.Healthy),
            new RolloutEvent.Ended(new RolloutRecord { Id = "1", Project = "shop", Trigger = Trigger.Poll, Outcome = Outcome.Committed, StartedAt = default, EndedAt = default, Steps = [] }),
        ])
        {
            observatory.Meter.Report(happening);
            observatory.Trace.Report(happening);
        }
    }
}
