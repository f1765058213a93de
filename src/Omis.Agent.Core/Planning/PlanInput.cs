using System.Collections.Immutable;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;

namespace Omis.Agent.Core.Planning;

/// <summary>Everything that a plan follows from; the same input gives the same plan.</summary>
public sealed record PlanInput
{
    public required ImmutableArray<Workload> Workloads { get; init; }

    public required ImmutableDictionary<WorkloadId, UpdatePolicy> Policies { get; init; }

    public required ImmutableDictionary<ImageReference, RegistryAnswer> Answers { get; init; }

    public ImmutableHashSet<Digest> Quarantined { get; init; } = [];

    /// <summary>What people hold, by workload.</summary>
    public ImmutableDictionary<WorkloadId, Pin> Pins { get; init; } = ImmutableDictionary<WorkloadId, Pin>.Empty;

    /// <summary>For a rollback: the digests to go to, whatever the registries have. Empty otherwise.</summary>
    public ImmutableDictionary<WorkloadId, Digest> Back { get; init; } = ImmutableDictionary<WorkloadId, Digest>.Empty;

    /// <summary>The workloads that a person named; all where null. Their sharers and dependents come along.</summary>
    public ImmutableHashSet<WorkloadId>? Chosen { get; init; }

    public UpdatePolicy PolicyOf(WorkloadId id) => Policies.GetValueOrDefault(id) ?? UpdatePolicy.Default;

    public bool IsChosen(WorkloadId id) => Chosen is null || Chosen.Contains(id);
}

/// <param name="Mode">Whether new digests are rolled out, only reported, or ignored.</param>
/// <param name="PerService">True where each service is a transaction of its own.</param>
public sealed record UpdatePolicy(UpdateMode Mode, bool PerService)
{
    /// <summary>Why it is ignored, where that needs more words than its mode.</summary>
    public string? Why { get; init; }

    public static readonly UpdatePolicy Default = new(UpdateMode.Auto, PerService: false);
}
