using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Journal;

/// <summary>Rows get in with the end of their rollout (<see cref="SqliteJournal.CloseAsync"/>).</summary>
public sealed class SqliteQuarantine(StateDatabase state) : IQuarantine
{
    public Task<ImmutableArray<QuarantinedDigest>> ListAsync(CancellationToken ct) =>
        state.ReadAsync(database => database.Query("SELECT body FROM quarantine ORDER BY project, service, digest", QuarantineRows.Read), ct);

    public Task<ImmutableArray<QuarantinedDigest>> ClearAsync(Digest? digest, CancellationToken ct) =>
        state.WriteAsync(
            database => database.Query("DELETE FROM quarantine WHERE $digest IS NULL OR digest = $digest RETURNING body", QuarantineRows.Read, ("$digest", digest?.Value)),
            ct);
}
