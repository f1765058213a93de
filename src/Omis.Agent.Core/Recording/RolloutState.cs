using System.Collections.Immutable;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Recording;

/// <summary>Where a rollout stands: what <see cref="JournalReplay"/> makes of its entries.</summary>
public sealed record RolloutState(RolloutHeader Header)
{
    public ImmutableArray<ReplicaState> Replicas { get; init; } = [];

    /// <summary>How the soak began; null before.</summary>
    public JournalEntry.Soaking? Soak { get; init; }

    public bool Committed { get; init; }

    public Failure? Failure { get; init; }

    public string? Stuck { get; init; }

    /// <summary>True where it was ever stuck: that stands in history under the rollout's own id, however it ends.</summary>
    public bool WasStuck { get; init; }

    /// <summary>True once a container that serves may have been touched.</summary>
    public bool Touched => Replicas.Any(replica => replica.Phase >= ReplicaPhase.Swapping);

    public RolloutState With(string key, Func<ReplicaState, ReplicaState> change) =>
        this with { Replicas = [.. Replicas.Select(replica => replica.Undo.Key == key ? change(replica) : replica)] };
}

public sealed record ReplicaState(Undo Undo, ReplicaPhase Phase)
{
    public long? DownMs { get; init; }

    public long? RevertMs { get; init; }

    public Evidence Evidence { get; init; } = Evidence.None;
}

public enum ReplicaPhase
{
    Staging, Staged, Swapping, Swapped, Proven, Restored,
}

public sealed record Failure(string? Key, ReasonCode Code, string Detail, bool ImageFault);
