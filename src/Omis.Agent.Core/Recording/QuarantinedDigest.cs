using System.Collections.Immutable;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Recording;

/// <summary>A digest that failed here because of itself.</summary>
public sealed record QuarantinedDigest(Digest Digest, string Image, WorkloadId Workload, Reason Reason, string Rollout, DateTimeOffset At);

public interface IQuarantine
{
    Task<ImmutableArray<QuarantinedDigest>> ListAsync(CancellationToken ct);

    /// <summary>Clears one digest, or all where null.</summary>
    /// <returns>What was cleared.</returns>
    Task<ImmutableArray<QuarantinedDigest>> ClearAsync(Digest? digest, CancellationToken ct);
}
