using System.Threading.Channels;
using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Control.Api;

/// <summary>The events of one order's pass, for the one who gave it. Where he cannot keep up he misses some; the rollout never waits.</summary>
/// <param name="watched">False where nobody will read them.</param>
internal sealed class OrderView(bool watched) : IProgress<RolloutEvent>
{
    private readonly Channel<Numbered> events = Channel.CreateBounded<Numbered>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private long last;

    public ChannelReader<Numbered> Events => events.Reader;

    public void Report(RolloutEvent value)
    {
        if (watched)
        {
            events.Writer.TryWrite(new Numbered(++last, value));
        }
    }

    public void End() => events.Writer.TryComplete();
}
