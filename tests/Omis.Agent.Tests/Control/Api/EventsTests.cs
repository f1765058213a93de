using System.Net.ServerSentEvents;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Probing;
using Omis.Agent.Tests.Commands;

namespace Omis.Agent.Tests.Control.Api;

/// <summary>What watchers see of a rollout while it goes on.</summary>
public sealed class EventsTests : IDisposable
{
    private readonly RunningService service = new();

    public EventsTests()
    {
        service.Cli.Source.Runs("web", Cli.Old);
        service.Cli.Registry.Has("web", Cli.Old);
    }

    public void Dispose() => service.Dispose();

    [Fact]
    public async Task A_watcher_sees_a_whole_rollout_in_order_and_as_described()
    {
        await service.StartAsync();
        using var stream = await service.StreamAsync(HttpMethod.Get, "/v1/events");
        service.Cli.Registry.Has("web", Cli.New);
        await service.PostAsync("/v1/update", """{"actor":"ada"}""");

        var seen = await ReadAsync(stream, until: "ended");

        Assert.Equal("began", seen[0].EventType);
        Assert.Equal("ended", seen[^1].EventType);
        Assert.Equal(["staging", "staged", "swapping", "probing", "healthy", "committed"], seen.Where(item => item.EventType == "moved").Select(item => Phase(item.Data)));
        var ids = seen.Select(item => long.Parse(item.EventId!, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(ids.Order(), ids);
        var contract = new ContractOfRoutes((await service.GetAsync("/v1/openapi.json")).Text);
        foreach (var item in seen)
        {
            contract.Fits(item.EventType switch { "began" => "Began", "moved" => "Moved", "pulling" => "Pulling", _ => "Rollout" }, item.Data);
        }
    }

    [Fact]
    public async Task Who_comes_in_the_middle_hears_it_from_the_beginning_and_who_comes_again_what_he_missed()
    {
        await service.StartAsync();
        service.Cli.Registry.Has("web", Cli.New);
        var (midway, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        service.Cli.Target.OnSwap = _ =>
        {
            midway.TrySetResult();
            Assert.True(go.Task.Wait(TimeSpan.FromSeconds(30)));
        };
        var update = service.PostAsync("/v1/update");
        await midway.Task.WaitAsync(TimeSpan.FromSeconds(30));

        using var late = await service.StreamAsync(HttpMethod.Get, "/v1/events");
        go.SetResult();
        var seen = await ReadAsync(late, until: "ended");
        Assert.Equal("began", seen[0].EventType);
        await update;

        // It has ended: a new watcher sees nothing of it, and nobody waits for him when the service ends.
        using var after = await service.StreamAsync(HttpMethod.Get, "/v1/events");
        await service.EndAsync();
        Assert.Empty(await ReadAsync(after, until: "ended"));
    }

    [Fact]
    public async Task An_order_streams_its_pass_and_ends_with_the_cycle_and_the_exit_code()
    {
        await service.StartAsync();
        service.Cli.WithSick("web").Registry.Has("web", Cli.New);
        using var stream = await service.StreamAsync(HttpMethod.Post, "/v1/update");

        var seen = await ReadAsync(stream, until: "exit");

        Assert.Equal("began", seen[0].EventType);
        Assert.Equal(("cycle", "exit", """{"code":4}"""), (seen[^2].EventType, seen[^1].EventType, seen[^1].Data));
        new ContractOfRoutes((await service.GetAsync("/v1/openapi.json")).Text).Fits("Cycle", seen[^2].Data);
    }

    [Fact]
    public async Task A_service_that_is_stopped_in_the_middle_tells_how_it_ended()
    {
        await service.StartAsync();
        service.Cli.Registry.Has("web", Cli.New);
        service.Cli.Target.OnSwap = _ => service.Cli.Stopping.Stop();
        // Neither well nor lost while the clock stands: only the stop ends it.
        service.Cli.Sampler.Script("new-web", Sample.Bad(ReasonCode.Unhealthy, "starting"));
        using var stream = await service.StreamAsync(HttpMethod.Post, "/v1/update");

        var seen = await ReadAsync(stream, until: "exit");

        Assert.Contains(seen, item => item.EventType == "ended" && item.Data.Contains("cancelled", StringComparison.Ordinal));
        Assert.Equal("""{"code":0}""", seen[^1].Data);
    }

    private static async Task<List<SseItem<string>>> ReadAsync(HttpResponseMessage stream, string until)
    {
        Assert.Equal((200, "text/event-stream"), ((int)stream.StatusCode, stream.Content.Headers.ContentType?.MediaType));
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var seen = new List<SseItem<string>>();
        await foreach (var item in SseParser.Create(await stream.Content.ReadAsStreamAsync(late.Token)).EnumerateAsync(late.Token))
        {
            seen.Add(item);
            if (item.EventType == until)
            {
                break;
            }
        }

        return seen;
    }

    private static string? Phase(string data) => System.Text.Json.JsonDocument.Parse(data).RootElement.GetProperty("phase").GetString();
}
