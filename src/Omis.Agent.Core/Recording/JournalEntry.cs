using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;

namespace Omis.Agent.Core.Recording;

/// <summary>One fact about an open rollout. What is about to be touched is written, and on disk, before it is.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "entry")]
[JsonDerivedType(typeof(Started), nameof(Started))]
[JsonDerivedType(typeof(Staging), nameof(Staging))]
[JsonDerivedType(typeof(Staged), nameof(Staged))]
[JsonDerivedType(typeof(Swapping), nameof(Swapping))]
[JsonDerivedType(typeof(Swapped), nameof(Swapped))]
[JsonDerivedType(typeof(Proven), nameof(Proven))]
[JsonDerivedType(typeof(Soaking), nameof(Soaking))]
[JsonDerivedType(typeof(Committed), nameof(Committed))]
[JsonDerivedType(typeof(Failing), nameof(Failing))]
[JsonDerivedType(typeof(Withdrawn), nameof(Withdrawn))]
[JsonDerivedType(typeof(Restored), nameof(Restored))]
[JsonDerivedType(typeof(Stuck), nameof(Stuck))]
public abstract record JournalEntry
{
    private JournalEntry() { }

    public sealed record Started(RolloutHeader Header) : JournalEntry;

    /// <summary>The local tag is about to move and the new container about to be created.</summary>
    public sealed record Staging(Undo Undo) : JournalEntry;

    public sealed record Staged(string Key, string? NewId) : JournalEntry;

    /// <summary>The old container is about to be parked and stopped, and the new one started.</summary>
    public sealed record Swapping(string Key) : JournalEntry;

    public sealed record Swapped(string Key) : JournalEntry;

    public sealed record Proven(string Key, long? DownMs) : JournalEntry;

    /// <summary>Everything new is proven. What does not change is watched with it: <see cref="Neighbours"/>.</summary>
    public sealed record Soaking(DateTimeOffset Since = default) : JournalEntry
    {
        public ImmutableArray<Neighbour> Neighbours { get; init; } = [];
    }

    public sealed record Committed : JournalEntry;

    /// <summary>The rollout is about to go back. <see cref="Key"/> names the replica to blame, where one is.</summary>
    public sealed record Failing(string? Key, ReasonCode Code, string Detail, bool ImageFault) : JournalEntry;

    public sealed record Withdrawn(string Key, int? ExitCode, ImmutableArray<string> LogTail) : JournalEntry;

    public sealed record Restored(string Key, long? RevertMs, long? DownMs = null) : JournalEntry;

    /// <summary>Going back could not be completed; it is tried again at the next start and before every cycle.</summary>
    public sealed record Stuck(string Detail) : JournalEntry;
}

/// <summary>A container that the rollout leaves alone and that must not suffer by it.</summary>
public sealed record Neighbour(WorkloadId Workload, string ContainerId);

/// <summary>What a rollout is, fixed when it starts.</summary>
public sealed record RolloutHeader
{
    public required string Id { get; init; }

    public required string Project { get; init; }

    public required Trigger Trigger { get; init; }

    public string? Actor { get; init; }

    public string? Comment { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required ImmutableArray<Step> Steps { get; init; }

    public EntryKind? Kind { get; init; }

    /// <summary>What is held from the commit on. Uninitialised where an older agent wrote the entry.</summary>
    public ImmutableArray<Pin> Pins { get; init; } = [];

    /// <summary>Where the images say that they came from, known once all are pulled. Uninitialised where an older agent wrote the entry.</summary>
    public ImmutableArray<StepOrigins> Origins { get; init; } = [];

    public StepOrigins? OriginsOf(WorkloadId workload) => Origins.IsDefault ? null : Origins.FirstOrDefault(origins => origins.Workload == workload);
}

public sealed record StepOrigins(WorkloadId Workload, ImageOrigin? From, ImageOrigin? To);
