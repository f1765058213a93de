using System.Collections.Immutable;

namespace Omis.Agent.Core.Notifying;

/// <summary>
/// What a channel gets next. In order within a stream (a rollout); a stream that waits does not hold up another one.
/// Quiet hours hold a whole stream, until one in it is too urgent for them. Pure.
/// </summary>
public static class NextUp
{
    /// <param name="waiting">All that the channel has yet to get, oldest first.</param>
    /// <returns>Null where nothing is due.</returns>
    public static OutboxItem? Of(ImmutableArray<OutboxItem> waiting, QuietHours? quiet, DateTimeOffset now) =>
        waiting.GroupBy(item => item.Notice.Stream)
            .Where(stream => stream.First().NextAt <= now && quiet?.Hold(stream.Max(item => item.Notice.Severity), now) is not true)
            .Select(stream => stream.First())
            .MinBy(item => item.Seq);
}
