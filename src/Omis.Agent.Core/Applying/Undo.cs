using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;

namespace Omis.Agent.Core.Applying;

/// <summary>
/// What going back needs for one container, known whole before the first touch and serialisable.
/// It holds no environment, command or mount of the container: those may be secret, and the engine keeps them.
/// </summary>
public sealed record Undo
{
    /// <summary>Unique on the engine, and the new container's role label: the container's own name.</summary>
    public required string Key { get; init; }

    public required string Rollout { get; init; }

    public required WorkloadId Workload { get; init; }

    public required StepAction Action { get; init; }

    public bool OneShot { get; init; }

    /// <summary>The container's own name, which the new one takes over.</summary>
    public required string Name { get; init; }

    public required string ParkedName { get; init; }

    public required string NewName { get; init; }

    public required string OldId { get; init; }

    public required string OldImageId { get; init; }

    /// <summary>The new container, once it is staged; for a restart the old one itself.</summary>
    public string? NewId { get; init; }

    public string? NewImageId { get; init; }

    /// <summary>The digest that is moved to; null where the image stays.</summary>
    public Digest? To { get; init; }

    public ImageOrigin? OldOrigin { get; init; }

    public ImageOrigin? NewOrigin { get; init; }

    /// <summary>True where this rollout brought the image to the machine, so that a revert may take it away again.</summary>
    public bool PulledHere { get; init; }

    public required RestartPolicy RestartPolicy { get; init; }

    public bool WasRunning { get; init; } = true;

    /// <summary>One sample before the first touch: going back has to reach this again and no more.</summary>
    public bool WasHealthy { get; init; }

    /// <summary>The local <c>repo:tag</c> that the new container is made from.</summary>
    public string? Tag { get; init; }

    /// <summary>What <see cref="Tag"/> pointed to before; null where it did not exist.</summary>
    public string? TagImageId { get; init; }

    /// <summary>Old containers of this rollout that this one is bound to, and must be started after.</summary>
    public ImmutableArray<WorkloadId> After { get; init; } = [];

    /// <summary>The container's <c>omis.agent.*</c> and Watchtower labels, from which its probes follow.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [JsonIgnore]
    public bool ChangesImage => To is not null;
}

/// <summary>Source: Engine API, HostConfig.RestartPolicy.</summary>
public sealed record RestartPolicy(string Name, int MaximumRetryCount);
