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
    /// What changed goes into history in the same transaction.
    /// </summary>
    /// <param name="judged">Of which workloads this tells; of all where null.</param>
    Task<ImmutableArray<Skip>> ChangedAsync(ImmutableArray<Skip> refusals, ImmutableHashSet<WorkloadId>? judged, Func<Skip, RolloutRecord> record, CancellationToken ct);

    /// <summary>Remembers which registries gave no answer at all in this cycle; one that was not asked stays as it was.</summary>
    /// <param name="faults">By registry; null where it answered.</param>
    Task NoteRegistriesAsync(ImmutableDictionary<string, Reason?> faults, DateTimeOffset at, CancellationToken ct);

    Task AddAsync(RolloutRecord record, CancellationToken ct);
}

public sealed record HistoryFilter(string? Project = null, DateTimeOffset? Since = null, string? Id = null);
