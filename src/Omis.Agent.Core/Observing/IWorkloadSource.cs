using System.Collections.Immutable;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Observing;

public interface IWorkloadSource
{
    /// <summary>Every workload that this source knows, running or not.</summary>
    /// <exception cref="EnvironmentException">The source could not be asked.</exception>
    Task<ImmutableArray<Workload>> ObserveAsync(CancellationToken ct);
}
