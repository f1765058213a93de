using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;

namespace Omis.Agent.Core.Recording;

public interface IPins
{
    Task<ImmutableArray<Pin>> ListAsync(CancellationToken ct);

    /// <summary>A second pin of the same service replaces the first. The record goes into history with it.</summary>
    Task PinAsync(Pin pin, RolloutRecord record, CancellationToken ct);

    /// <summary>These services run what they are pinned at: from now on a pin only holds them.</summary>
    Task ReachAsync(ImmutableArray<WorkloadId> workloads, CancellationToken ct);

    /// <summary>Ends the pins of a project, or of one of its services. Each end goes into history.</summary>
    /// <returns>What was ended.</returns>
    Task<ImmutableArray<Pin>> UnpinAsync(string project, string? service, Func<Pin, RolloutRecord> record, CancellationToken ct);
}
