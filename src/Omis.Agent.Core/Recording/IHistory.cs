using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;

namespace Omis.Agent.Core.Recording;

public interface IHistory
{
    /// <summary>Newest first.</summary>
    Task<ImmutableArray<RolloutRecord>> ListAsync(HistoryFilter filter, CancellationToken ct);

    /// <summary>
    /// Remembers why each workload is held back and returns those whose reason differs from the last time,
    /// so that a refusal is told once and not at every poll. A workload that was judged and is not among them is forgotten.
    /// </summary>
    /// <param name="judged">Of which workloads this tells; of all where null.</param>
    Task<ImmutableArray<Skip>> ChangedAsync(ImmutableArray<Skip> refusals, ImmutableHashSet<WorkloadId>? judged, CancellationToken ct);

    Task AddAsync(RolloutRecord record, CancellationToken ct);
}

public sealed record HistoryFilter(string? Project = null, DateTimeOffset? Since = null, string? Id = null);
