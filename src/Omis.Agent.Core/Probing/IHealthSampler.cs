using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Probing;

/// <summary>Takes one sample of one container: its state, its HEALTHCHECK, then its probes.</summary>
public interface IHealthSampler
{
    /// <summary>A container that cannot be asked is a bad sample, never an exception and never a good one.</summary>
    Task<Sample> SampleAsync(Subject subject, CancellationToken ct);
}

public sealed record Subject(WorkloadId Workload, string ContainerId, bool OneShot, HealthRules Rules);
