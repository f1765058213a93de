using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Probing;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Core.Rollout;

/// <summary>
/// Takes one step of a rollout. Staging comes first for all steps, so that whatever cannot be created or would be lost
/// is found while everything still serves; then each replica is swapped and proven, the first one as the canary.
/// </summary>
public sealed class StepRunner(ITarget target, Prober prober, AgentSettings settings, TimeProvider time)
{
    public async Task<Failure?> StageAsync(RolloutLog log, Step step, FetchedImage? image, CancellationToken ct)
    {
        foreach (var replica in step.Replicas)
        {
            log.Tell(step.Workload, RolloutPhase.Staging);
            if (await StageAsync(log, step, replica, image, ct).ConfigureAwait(false) is { } failure)
            {
                return failure;
            }
        }

        log.Tell(step.Workload, RolloutPhase.Staged);
        return null;
    }

    public async Task<Failure?> SwapAsync(RolloutLog log, Step step, CancellationToken ct)
    {
        foreach (var replica in log.State.Replicas.Where(replica => replica.Undo.Workload == step.Workload))
        {
            if (await SwapAsync(log, replica.Undo, ct).ConfigureAwait(false) is { } failure)
            {
                return failure;
            }
        }

        log.Tell(step.Workload, RolloutPhase.Healthy);
        return null;
    }

    /// <summary>Watches a container that is already in place until there is a verdict.</summary>
    public async Task<Failure?> ProveAsync(RolloutLog log, Undo undo, long? downSince, CancellationToken ct)
    {
        log.Tell(undo.Workload, RolloutPhase.Probing);
        var result = await prober.WatchAsync(SubjectOf(undo, undo.NewId!), ct).ConfigureAwait(false);
        if (result.Verdict is Health.Unhealthy sick)
        {
            return new Failure(undo.Key, sick.Code, sick.Detail, sick.ImageFault && undo.ChangesImage);
        }

        var down = undo.OneShot ? null : Between(downSince, result.FirstOkAt);
        await log.WriteAsync(new JournalEntry.Proven(undo.Key, down), ct).ConfigureAwait(false);
        return null;
    }

    /// <summary>After an interruption: what was proven before needs one more good look, or else the whole proof again.</summary>
    public async Task<Failure?> ProveAgainAsync(RolloutLog log, ReplicaState replica, CancellationToken ct)
    {
        var wasProven = replica.Phase == ReplicaPhase.Proven;
        return wasProven && (replica.Undo.OneShot || (await prober.SampleAsync(SubjectOf(replica.Undo, replica.Undo.NewId!), ct).ConfigureAwait(false)).Ok)
            ? null
            : await ProveAsync(log, replica.Undo, downSince: null, ct).ConfigureAwait(false);
    }

    public Subject SubjectOf(Undo undo, string containerId) =>
        new(undo.Workload, containerId, undo.OneShot, settings.HealthFor(undo.Workload, WorkloadLabels.Parse(undo.Labels)));

    private async Task<Failure?> StageAsync(RolloutLog log, Step step, ReplicaRef replica, FetchedImage? image, CancellationToken ct)
    {
        var prepared = await target.PrepareAsync(log.Header.Id, step, replica, image, ct).ConfigureAwait(false);
        if (prepared is PrepareOutcome.Failed unprepared)
        {
            return new Failure(null, unprepared.Code, unprepared.Detail, ImageFault: false);
        }

        var undo = ((PrepareOutcome.Ready)prepared).Undo;
        var before = await prober.SampleAsync(SubjectOf(undo, undo.OldId), ct).ConfigureAwait(false);
        await log.WriteAsync(new JournalEntry.Staging(undo with { WasHealthy = undo.WasRunning && before.Ok }), ct).ConfigureAwait(false);

        var outcome = await target.StageAsync(undo, log.Renewed, ct).ConfigureAwait(false);
        if (outcome is StepOutcome.Failed failed)
        {
            return new Failure(undo.Key, failed.Code, failed.Detail, failed.ImageFault && undo.ChangesImage);
        }

        await log.WriteAsync(new JournalEntry.Staged(undo.Key, ((StepOutcome.Done)outcome).ContainerId), ct).ConfigureAwait(false);
        return null;
    }

    private async Task<Failure?> SwapAsync(RolloutLog log, Undo undo, CancellationToken ct)
    {
        log.Tell(undo.Workload, RolloutPhase.Swapping);
        await log.WriteAsync(new JournalEntry.Swapping(undo.Key), ct).ConfigureAwait(false);
        log.DownSince[undo.Key] = time.GetTimestamp();
        var outcome = await target.SwapAsync(undo, ct).ConfigureAwait(false);
        if (outcome is StepOutcome.Failed failed)
        {
            return new Failure(undo.Key, failed.Code, failed.Detail, failed.ImageFault && undo.ChangesImage);
        }

        var downSince = ((StepOutcome.Done)outcome).DownSince;
        log.DownSince[undo.Key] = downSince ?? log.DownSince[undo.Key];
        await log.WriteAsync(new JournalEntry.Swapped(undo.Key), ct).ConfigureAwait(false);
        return await ProveAsync(log, undo, downSince, ct).ConfigureAwait(false);
    }

    private long? Between(long? from, long? to) =>
        from is { } start && to is { } end ? (long)time.GetElapsedTime(start, end).TotalMilliseconds : null;
}
