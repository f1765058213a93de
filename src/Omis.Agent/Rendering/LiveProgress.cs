using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Rendering;

/// <summary>A line for each service, drawn over in place.</summary>
internal sealed class LiveProgress(Screen screen, TimeProvider time) : IWatch
{
    private static readonly TimeSpan Blink = TimeSpan.FromMilliseconds(100);

    private readonly Lock turn = new();
    private ProgressBoard board = ProgressBoard.Empty;
    private long drawn;

    public void Report(RolloutEvent value)
    {
        lock (turn)
        {
            board = board.Fold(value);
            if (value is RolloutEvent.Pulling && time.GetElapsedTime(drawn) < Blink)
            {
                return;
            }

            drawn = time.GetTimestamp();
            screen.Live(board.Lines(screen.Width));
        }
    }

    /// <summary>What stays on the screen is the summary.</summary>
    public void Dispose() => screen.Live([]);
}
