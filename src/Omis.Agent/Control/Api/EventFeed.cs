using System.Threading.Channels;
using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Control.Api;

/// <param name="Id">Grows with each event, over restarts too as long as the clock does.</param>
internal readonly record struct Numbered(long Id, RolloutEvent Event);

/// <summary>
/// What happens in rollouts, for whoever wants to watch. Who comes in the middle of one hears first what has happened in
/// it. A rollout never waits for a watcher: one that cannot keep up is let go, and may come again with the last id it had.
/// </summary>
internal sealed class EventFeed(TimeProvider time) : IProgress<RolloutEvent>, IDisposable
{
    private const int MostWatchers = 32;

    /// <summary>Events that may wait for one watcher.</summary>
    private const int Backlog = 1024;

    private readonly Lock gate = new();
    private readonly List<Numbered> kept = [];
    private readonly List<Channel<Numbered>> watchers = [];
    private long last = time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
    private bool closed;

    public void Report(RolloutEvent value)
    {
        lock (gate)
        {
            var numbered = new Numbered(++last, value);
            Keep(numbered);
            foreach (var slow in watchers.Where(watcher => !watcher.Writer.TryWrite(numbered)).ToArray())
            {
                slow.Writer.TryComplete();
                watchers.Remove(slow);
            }
        }
    }

    /// <param name="after">The last id that the watcher has had; null for one who is new, and gets the rollout that goes on.</param>
    /// <returns>Null where too many watch already. It ends with the service.</returns>
    public ChannelReader<Numbered>? Watch(long? after)
    {
        lock (gate)
        {
            if (watchers.Count >= MostWatchers)
            {
                return null;
            }

            var channel = Channel.CreateBounded<Numbered>(new BoundedChannelOptions(Backlog + kept.Count) { SingleReader = true });
            var open = kept.Count > 0 && kept[^1].Event is not RolloutEvent.Ended;
            foreach (var numbered in kept.Where(numbered => after is { } had ? numbered.Id > had : open))
            {
                channel.Writer.TryWrite(numbered);
            }

            if (closed)
            {
                channel.Writer.TryComplete();
            }
            else
            {
                watchers.Add(channel);
            }

            return channel.Reader;
        }
    }

    public void Leave(ChannelReader<Numbered> reader)
    {
        lock (gate)
        {
            watchers.RemoveAll(watcher => watcher.Reader == reader);
        }
    }

    /// <summary>Everyone who watches hears the end.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            watchers.ForEach(watcher => watcher.Writer.TryComplete());
            watchers.Clear();
        }
    }

    /// <summary>One rollout's events; of a pull the latest alone.</summary>
    private void Keep(Numbered numbered)
    {
        if (numbered.Event is RolloutEvent.Began)
        {
            kept.Clear();
        }

        if (numbered.Event is RolloutEvent.Pulling pulling)
        {
            kept.RemoveAll(one => one.Event is RolloutEvent.Pulling before && before.Progress.Workload == pulling.Progress.Workload);
        }

        kept.Add(numbered);
    }
}
