using Omis.Agent.Engine.Tests.Rollouts;

namespace Omis.Agent.Engine.Tests.Service;

/// <summary>The built program sends to a collector over gRPC, which needs HTTP/2 of it.</summary>
public sealed class OtlpTests
{
    [Fact]
    public async Task Metrics_and_the_trace_of_a_rollout_arrive_over_gRPC()
    {
        await using var collector = await GrpcCollector.StartAsync();
        await using var stack = await Stacks.UpAsync(["web"]);
        await using var home = stack.Agent();
        home.Configure(Rules.Quick, $$"""{ "check": { "every": "12h" }, "telemetry": { "otlp": { "endpoint": "{{collector.Url}}", "protocol": "grpc", "headers": "x-token=s3cret", "every": "1s" } } }""");
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        var agent = home.Start("run");

        await Eventually.BeAsync("the trace and the metrics arrive", () => Task.FromResult(Has("trace.v1.TraceService", "rollout", "probe", stack.Prefix) && Has("metrics.v1.MetricsService", "omis_agent.rollouts", "committed", stack.Prefix)));
        agent.Terminate();
        (await agent.EndAsync()).Exits(0);
        Assert.All(collector.Got, got => Assert.Equal("s3cret", got.Token));

        bool Has(string service, params string[] words) =>
            collector.Got.Any(got => got.Method == $"/opentelemetry.proto.collector.{service}/Export" && words.All(word => got.Body.Contains(word, StringComparison.Ordinal)));
    }
}
