using System.Collections.Immutable;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Notifying;

/// <summary>
/// Notices that wait for delivery. They get in with the change that they report, in its own transaction; see
/// <see cref="Recording.IJournal"/> and <see cref="Recording.IHistory"/>.
/// </summary>
public interface IOutbox
{
    /// <summary>What a channel has yet to get, oldest first; no more than a few hundred at once.</summary>
    Task<ImmutableArray<OutboxItem>> WaitingAsync(string channel, CancellationToken ct);

    /// <summary>By channel, in the order of their names; also of channels that are configured no longer.</summary>
    Task<ImmutableArray<Backlog>> BacklogAsync(CancellationToken ct);

    /// <summary>What the channel itself called the first message of this stream; null before it was sent.</summary>
    Task<string?> ReferenceAsync(string channel, string stream, CancellationToken ct);

    Task DeliveredAsync(OutboxItem item, string? reference, CancellationToken ct);

    Task PostponeAsync(OutboxItem item, DateTimeOffset nextAt, string problem, CancellationToken ct);

    /// <summary>Given up; the record goes into history in the same transaction.</summary>
    Task DropAsync(OutboxItem item, RolloutRecord record, CancellationToken ct);
}
