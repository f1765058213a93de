using System.Collections.Immutable;
using Omis.Agent.Core.Planning;

namespace Omis.Agent.Core.Recording;

/// <summary>The durable record of rollouts that have begun and not ended.</summary>
public interface IJournal
{
    /// <summary>Returns when the entry is on disk.</summary>
    /// <exception cref="Naming.EnvironmentException">It could not be written: <see cref="Naming.ReasonCode.Disk"/>.</exception>
    Task AppendAsync(string rollout, JournalEntry entry, CancellationToken ct);

    /// <summary>A whole journal at once, for a rollout that is open on the engine and lost here; nothing where it is open here too.</summary>
    /// <exception cref="Naming.EnvironmentException">It could not be written: <see cref="Naming.ReasonCode.Disk"/>.</exception>
    Task RestoreAsync(string rollout, ImmutableArray<JournalEntry> entries, CancellationToken ct);

    /// <summary>Every open rollout with its entries in order, oldest first.</summary>
    Task<ImmutableArray<OpenRollout>> OpenAsync(CancellationToken ct);

    /// <summary>In one transaction: the record goes into history, the digests into quarantine, the pins hold, and the rollout's entries go.</summary>
    /// <remarks>
    /// A stuck rollout is recorded and stays open; recording it again only brings the reason up to date. When it is
    /// mended, the record has an id of its own, so that history keeps both.
    /// </remarks>
    Task CloseAsync(string rollout, RolloutRecord record, ImmutableArray<QuarantinedDigest> quarantine, ImmutableArray<Pin> pins, CancellationToken ct);
}

public sealed record OpenRollout(string Id, ImmutableArray<JournalEntry> Entries);
