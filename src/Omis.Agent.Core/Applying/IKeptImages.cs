using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;

namespace Omis.Agent.Core.Applying;

/// <summary>What is on the machine for going back, so that no registry is needed.</summary>
public interface IKeptImages
{
    /// <summary>Digests of the images kept for a workload, the newest first.</summary>
    Task<ImmutableArray<Digest>> KeptAsync(Workload workload, CancellationToken ct);

    /// <returns>The local image of that digest in the workload's repository, or null.</returns>
    Task<LocalCopy?> FindAsync(Workload workload, Digest digest, CancellationToken ct);
}

/// <param name="Obstacle">Why it cannot run here; null where it can, as far as can be told without running it.</param>
public sealed record LocalCopy(string ImageId, string? Obstacle);
