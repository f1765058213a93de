using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;

namespace Omis.Agent.Core.Applying;

/// <summary>
/// Where workloads live and how they are changed. Every method that touches is idempotent and looks at what is there
/// first, so that it can be repeated after a crash. Expected failures are outcomes; an engine that cannot be asked is an
/// <see cref="EnvironmentException"/>.
/// </summary>
public interface ITarget
{
    /// <summary>Brings every image here by digest and keeps the running ones; touches no container and no tag of the user's.</summary>
    Task<FetchOutcome> FetchAsync(ImmutableArray<Step> steps, IProgress<PullProgress> progress, CancellationToken ct);

    /// <summary>Reads what going back will need. Touches nothing.</summary>
    Task<PrepareOutcome> PrepareAsync(string rollout, Step step, ReplicaRef replica, FetchedImage? image, CancellationToken ct);

    /// <summary>Makes the new container beside the old one, which goes on serving, and proves that nothing is lost.</summary>
    /// <param name="renewed">Ids of containers already staged in this rollout, by the id of the one each replaces.</param>
    Task<StepOutcome> StageAsync(Undo undo, ImmutableDictionary<string, string> renewed, CancellationToken ct);

    /// <summary>Parks and stops the old container and starts the new one under its name.</summary>
    Task<StepOutcome> SwapAsync(Undo undo, CancellationToken ct);

    /// <summary>Stops the new container.</summary>
    Task WithdrawAsync(Undo undo, CancellationToken ct);

    /// <summary>
    /// Runs the old container again under its own name and restart policy, or one made anew after it where someone
    /// removed it. A container that someone else put in its place is left alone: <see cref="ReasonCode.ChangedByOthers"/>.
    /// </summary>
    Task<StepOutcome> RestoreAsync(Undo undo, CancellationToken ct);

    /// <summary>How a withdrawn container ended: its exit code where it ended by itself, and its last log lines.</summary>
    Task<Evidence> EvidenceAsync(Undo undo, CancellationToken ct);

    /// <summary>What rollouts left on the engine that are not among the open ones and whose agent is dead.</summary>
    Task<ImmutableArray<Remnant>> FindRemnantsAsync(ImmutableHashSet<string> open, CancellationToken ct);

    /// <summary>After a revert: puts the tag back, removes the new container and the image brought for it.</summary>
    Task DiscardAsync(Undo undo, CancellationToken ct);

    /// <summary>After a commit: removes the parked container and images older than those kept.</summary>
    Task FinishAsync(Undo undo, int keepPrevious, CancellationToken ct);
}
