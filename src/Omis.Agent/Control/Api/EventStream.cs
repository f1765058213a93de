using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Control.Api;

/// <summary>Writes server-sent events. Source: HTML standard, "Server-sent events".</summary>
internal sealed class EventStream(HttpContext context, TimeProvider time)
{
    /// <summary>Proxies let go of a connection on which nothing moves, and a caller who is gone is noticed by writing to him.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>An engine tells of a pull many times a second.</summary>
    private static readonly TimeSpan PullEvery = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<WorkloadId, long> pulled = [];

    public static bool IsWanted(HttpRequest request) => request.Headers.Accept.Any(accept => accept?.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) ?? false);

    /// <summary>The last id that the caller has had. Others than ours are none.</summary>
    public static long? LastId(HttpRequest request) =>
        long.TryParse(request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    public async Task BeginAsync()
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        await WriteAsync(": omis-agent\n\n");
    }

    /// <summary>Until the reader ends or the caller goes.</summary>
    public async Task RelayAsync(ChannelReader<Numbered> reader)
    {
        // Kept over heartbeats: a reader that was waited for twice at once would not be one any more.
        var next = WaitAsync(reader);
        while (true)
        {
            using var pulse = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            var first = await Task.WhenAny(next, Task.Delay(Heartbeat, time, pulse.Token));
            await pulse.CancelAsync();
            context.RequestAborted.ThrowIfCancellationRequested();
            if (first != next)
            {
                await WriteAsync(": still here\n\n");
                continue;
            }

            if (!await next)
            {
                return;
            }

            while (reader.TryRead(out var numbered))
            {
                await SendAsync(numbered);
            }

            next = WaitAsync(reader);
        }
    }

    public Task SendAsync(string name, string data) => WriteAsync($"event: {name}\ndata: {data}\n\n");

    private async Task SendAsync(Numbered numbered)
    {
        if (numbered.Event is RolloutEvent.Pulling pulling && !MaySpeak(pulling.Progress.Workload))
        {
            return;
        }

        var (name, data) = LiveEvent.Of(numbered.Event);
        await WriteAsync(string.Create(CultureInfo.InvariantCulture, $"id: {numbered.Id}\nevent: {name}\ndata: {data}\n\n"));
    }

    private bool MaySpeak(WorkloadId workload)
    {
        var silent = pulled.TryGetValue(workload, out var since) && time.GetElapsedTime(since) < PullEvery;
        if (!silent)
        {
            pulled[workload] = time.GetTimestamp();
        }

        return !silent;
    }

    private Task<bool> WaitAsync(ChannelReader<Numbered> reader) => reader.WaitToReadAsync(context.RequestAborted).AsTask();

    private async Task WriteAsync(string text)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
