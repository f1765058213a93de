using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>Writes down what happens to a project's containers, so that a test can say that one was never touched.</summary>
public sealed class EventRecorder : IAsyncDisposable
{
    private readonly LabEngine engine;
    private readonly HttpResponseMessage stream;
    private readonly Task reading;
    private readonly string filters;
    private readonly string since;
    private readonly SortedDictionary<(long, string, string), EngineEvent> seen = [];

    private EventRecorder(LabEngine engine, HttpResponseMessage stream, string since, string filters)
    {
        (this.engine, this.stream, this.since, this.filters) = (engine, stream, since, filters);
        reading = ReadAsync(stream);
    }

    public static async Task<EventRecorder> StartAsync(LabEngine engine, string project)
    {
        var filters = LabEngine.Filters("label", "com.docker.compose.project=" + project);
        var since = Now();
        return new EventRecorder(engine, await engine.SendAsync(HttpMethod.Get, $"/events?since={since}&{filters}", streams: true), since, filters);
    }

    /// <summary>Everything up to now, in order.</summary>
    public async Task<ImmutableArray<EngineEvent>> AllAsync()
    {
        // The stream may lag behind; what it has not brought yet the engine still remembers.
        using var rest = await engine.SendAsync(HttpMethod.Get, $"/events?since={since}&until={Now()}&{filters}");
        await ReadAsync(rest);
        lock (seen)
        {
            return [.. seen.Values];
        }
    }

    /// <summary>What was done to one container, empty if it was left alone.</summary>
    public async Task<ImmutableArray<EngineEvent>> TouchesAsync(string containerId) =>
        [.. (await AllAsync()).Where(happened => happened.IsTouch && happened.ContainerId == containerId)];

    public async ValueTask DisposeAsync()
    {
        stream.Dispose();
        await reading;
    }

    private static string Now()
    {
        var ticks = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks;
        return string.Create(CultureInfo.InvariantCulture, $"{ticks / TimeSpan.TicksPerSecond}.{ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick:000000000}");
    }

    private async Task ReadAsync(HttpResponseMessage response)
    {
        try
        {
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
            while (await lines.ReadLineAsync() is { } line)
            {
                Keep(line);
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException or HttpRequestException or OperationCanceledException)
        {
            // The recorder was disposed, or the engine went away.
        }
    }

    private void Keep(string line)
    {
        if (line.Length > 0 && EngineEvent.Of(JsonNode.Parse(line)!) is { } happened)
        {
            lock (seen)
            {
                seen[(happened.TimeNano, happened.Action, happened.ContainerId)] = happened;
            }
        }
    }
}
