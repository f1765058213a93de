using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Planning;

/// <summary>One workload moving from one digest to another. <see cref="From"/> and <see cref="To"/> are equal where only the container is renewed.</summary>
public sealed record Step
{
    public required WorkloadId Workload { get; init; }

    public required StepAction Action { get; init; }

    /// <summary>The image as configured: <c>repo:tag</c>.</summary>
    public required string Image { get; init; }

    public Digest? From { get; init; }

    public Digest? To { get; init; }

    /// <summary>The containers that the step replaces, in order; the first is the canary.</summary>
    public required ImmutableArray<ReplicaRef> Replicas { get; init; }

    /// <summary>Why the step is there: <c>new digest</c>, <c>shares the network of x</c>, <c>restarts with y</c>.</summary>
    public required string Cause { get; init; }

    /// <summary>Others await it as <c>service_completed_successfully</c>: proven by exit code 0.</summary>
    public bool OneShot { get; init; }

    /// <summary>Steps of the same rollout whose container ids this one binds to, or with which it restarts: on the way back too it starts after them.</summary>
    public ImmutableArray<WorkloadId> After { get; init; } = [];

    [JsonIgnore]
    public bool ChangesImage => Action == StepAction.Recreate && To is not null && From != To;
}

/// <summary>A container as it was observed; a touch first checks that it is still this one.</summary>
public sealed record ReplicaRef(string ContainerId, string Name, int Number, string ImageId);

public enum StepAction
{
    Recreate, Restart,
}
