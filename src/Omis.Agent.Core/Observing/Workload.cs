using System.Collections.Immutable;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Observing;

/// <summary>What runs now: one compose service with all its replicas, or one container outside compose.</summary>
public sealed record Workload
{
    public required WorkloadId Id { get; init; }

    /// <summary>The image as the compose file or the person wrote it.</summary>
    public required string Image { get; init; }

    /// <summary>All replicas, stopped ones too, lowest number first.</summary>
    public required ImmutableArray<Replica> Replicas { get; init; }

    public ImmutableArray<Dependency> Dependencies { get; init; } = [];

    public WorkloadLabels Labels { get; init; } = WorkloadLabels.None;

    /// <summary>True where the image was built on this engine, though it has a digest: it counts as pulled only where its registry knows that digest.</summary>
    public bool BuiltHere { get; init; }

    /// <summary>What runs now, as its registry would know it; null where it has no digest.</summary>
    public ImageReference? RunningReference =>
        ImageReference.TryParse(Image, out var image) && Replicas.SelectMany(replica => replica.Digests).Cast<Digest?>().FirstOrDefault() is { } digest
            ? ImageReference.Parse(image.At(digest))
            : null;

    /// <summary>Why it cannot be recreated without losing something; null where it can, as far as can be told beforehand.</summary>
    public string? Obstacle { get; init; }

    /// <summary>What <see cref="Image"/>'s tag points to on the engine now; null where the tag is gone.</summary>
    public LocalImage? Tagged { get; init; }
}

/// <summary>One container. <see cref="Digests"/> are those under which its image was pulled from its own repository.</summary>
public sealed record Replica
{
    public required string ContainerId { get; init; }

    public required string Name { get; init; }

    public int Number { get; init; } = 1;

    public required RunState State { get; init; }

    public long? ExitCode { get; init; }

    public required string ImageId { get; init; }

    public ImmutableArray<Digest> Digests { get; init; } = [];

    public bool Runs => State is RunState.Running or RunState.Restarting;
}

public sealed record LocalImage(string ImageId, ImmutableArray<Digest> Digests);

/// <summary>The engine's container states. Source: Engine API, ContainerState.Status.</summary>
public enum RunState
{
    Created, Running, Restarting, Paused, Exited, Dead, Removing,
}
