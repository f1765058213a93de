using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Probing;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Core.Rollout;

/// <summary>
/// Takes a rollout back. It works from the journalled <see cref="Undo"/>s alone, within its own budget and never under
/// the caller's cancellation; what cannot be completed is stuck and is tried again before every cycle.
/// </summary>
public sealed partial class Reverter(ITarget target, StepRunner steps, Prober prober, Patience patience, AgentSettings settings, TimeProvider time, ILogger<Reverter> logger)
{
    public async Task<RolloutRecord> RevertAsync(RolloutLog log, Failure failure)
    {
        if (log.State.Replicas.IsEmpty)
        {
            var failed = JournalReplay.Apply(log.State, Entry(failure));
            return await log.CloseAsync(RecordOf.Rollout(failed, OutcomeOf(failed), time.GetUtcNow()), []).ConfigureAwait(false);
        }

        var failedAt = time.GetTimestamp();
        log.Tell(Blamed(log, failure), RolloutPhase.Failing, failure.Detail);
        await log.TryWriteAsync(Entry(failure)).ConfigureAwait(false);
        var problem = await GoBackAsync(log, failedAt).ConfigureAwait(false);
        if (problem is not null)
        {
            await log.TryWriteAsync(new JournalEntry.Stuck(problem)).ConfigureAwait(false);
            Stuck(logger, log.Header.Project, log.Header.Id, problem);
        }

        var record = RecordOf.Rollout(log.State, problem is null ? OutcomeOf(log.State) : Outcome.Stuck, time.GetUtcNow());
        return await log.CloseAsync(record, RecordOf.Quarantine(log.State, time.GetUtcNow())).ConfigureAwait(false);
    }

    private static WorkloadId Blamed(RolloutLog log, Failure failure) =>
        log.State.Replicas.FirstOrDefault(replica => replica.Undo.Key == failure.Key)?.Undo.Workload ?? log.Header.Steps[0].Workload;

    private static JournalEntry.Failing Entry(Failure failure) => new(failure.Key, failure.Code, failure.Detail, failure.ImageFault);

    /// <summary>Where no serving container was touched and the image is not to blame, nothing was reverted: it failed, or was refused.</summary>
    private static Outcome OutcomeOf(RolloutState state) =>
        state.Touched || state.Failure!.Code == ReasonCode.CreateFailed ? Outcome.Reverted
        : state.Failure!.Code == ReasonCode.Lossy ? Outcome.Refused
        : Outcome.Failed;

    /// <returns>Why it could not be completed, or null.</returns>
    private async Task<string?> GoBackAsync(RolloutLog log, long failedAt)
    {
        using var budget = new CancellationTokenSource(settings.Project(log.Header.Project).RevertBudget, time);
        var touched = Touched(log.State);
        var left = RevertOrder.Of(touched).ToList();
        var proofs = ImmutableArray.CreateBuilder<Task<string?>>();

        // Whatever goes wrong in one of these, the others are still owed.
        var moved = await ProblemAsync(log, () => TryAsync(() => RoundAsync(log, left, proofs, failedAt, budget.Token), budget.Token)).ConfigureAwait(false);
        var told = await ProblemAsync(log, () => TakeEvidenceAsync(log, touched, budget.Token)).ConfigureAwait(false);
        string? sick = null;
        foreach (var proof in proofs)
        {
            string? said = null;
            var fault = await ProblemAsync(log, async () => said = await proof.ConfigureAwait(false)).ConfigureAwait(false);
            sick ??= said ?? fault;
        }

        var cleaned = await ProblemAsync(log, () => DiscardAsync(log, left, budget.Token)).ConfigureAwait(false);
        return moved ?? sick ?? cleaned ?? told;
    }

    /// <summary>
    /// What is to be brought back: what was swapped, and what is bound to the container of one that was, since it lost
    /// its network with it. A dependent that has been restarted for the way back needs no second time.
    /// </summary>
    private static ImmutableArray<Undo> Touched(RolloutState state)
    {
        var moved = state.Replicas.Where(replica => replica.Phase >= ReplicaPhase.Swapping).Select(replica => replica.Undo.Workload).ToHashSet();
        bool IsBound(ReplicaState replica) => replica.Undo.Action == StepAction.Recreate && replica.Undo.After.Any(moved.Contains);
        while (state.Replicas.FirstOrDefault(replica => IsBound(replica) && !moved.Contains(replica.Undo.Workload)) is { } bound)
        {
            moved.Add(bound.Undo.Workload);
        }

        return
        [
            .. state.Replicas
                .Where(replica => replica.Phase >= ReplicaPhase.Swapping || IsBound(replica))
                .Where(replica => replica is not { Phase: ReplicaPhase.Restored, Undo.Action: StepAction.Restart })
                .Select(replica => replica.Undo),
        ];
    }

    /// <summary>Evidence is taken when the old containers run: reading logs must not keep a service down.</summary>
    private async Task TakeEvidenceAsync(RolloutLog log, ImmutableArray<Undo> touched, CancellationToken ct)
    {
        foreach (var undo in touched)
        {
            var evidence = await patience.KeepTryingAsync(() => target.EvidenceAsync(undo, ct), ct).ConfigureAwait(false);
            await log.TryWriteAsync(new JournalEntry.Withdrawn(undo.Key, evidence.ExitCode, evidence.LogTail)).ConfigureAwait(false);
        }
    }

    /// <summary>What could not be brought back keeps its new container: it may be all that is left.</summary>
    private async Task DiscardAsync(RolloutLog log, List<RevertMove> left, CancellationToken ct)
    {
        foreach (var replica in log.State.Replicas.Reverse().Where(replica => !left.Exists(move => move.Undo.Key == replica.Undo.Key)))
        {
            await TryAsync(() => InTimeAsync(log, slice => target.DiscardAsync(replica.Undo, slice), ct), ct).ConfigureAwait(false);
        }
    }

    /// <returns>What went wrong, in words, or null.</returns>
    private async Task<string?> ProblemAsync(RolloutLog log, Func<Task> attempt)
    {
        try
        {
            await attempt().ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException)
        {
            return "the revert budget was spent";
        }
        catch (EnvironmentException fault)
        {
            return fault.Message;
        }
#pragma warning disable CA1031 // Whatever it was, the rest is still to be brought back.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Unexpected(logger, log.Header.Project, log.Header.Id, fault);
            return $"{fault.GetType().Name}: {fault.Message}";
        }
    }

    /// <summary>One turn for everything that is left: what cannot go back yet must not keep away what can.</summary>
    /// <exception cref="EnvironmentException">The first fault, where something is still left.</exception>
    private async Task RoundAsync(RolloutLog log, List<RevertMove> left, ImmutableArray<Task<string?>>.Builder proofs, long failedAt, CancellationToken ct)
    {
        EnvironmentException? first = null;
        foreach (var move in left.ToArray())
        {
            if (RevertOrder.Waits(move, left))
            {
                continue;
            }

            try
            {
                await InTimeAsync(log, slice => MoveAsync(log, move, proofs, failedAt, slice, ct), ct).ConfigureAwait(false);
                left.Remove(move);
            }
            catch (EnvironmentException fault)
            {
                first ??= fault;
                Again(move, left);
            }
        }

        if (first is not null)
        {
            throw first;
        }
    }

    /// <summary>A start that was given up on may still come about in the engine: the new container is looked at again before the old one is.</summary>
    private static void Again(RevertMove move, List<RevertMove> left)
    {
        if (move.Restores)
        {
            left.Insert(left.IndexOf(move), move with { Restores = false });
        }
    }

    /// <summary>A call that hangs must not spend the whole budget: it is given up in time to be tried again.</summary>
    /// <exception cref="EnvironmentException">It was given up.</exception>
    private async Task InTimeAsync(RolloutLog log, Func<CancellationToken, Task> attempt, CancellationToken ct)
    {
        var slice = settings.Project(log.Header.Project).RevertBudget / 4;
        using var timer = new CancellationTokenSource(slice, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        try
        {
            await attempt(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new EnvironmentException(ReasonCode.EngineUnavailable, $"the engine did not go through with it within {Durations.Text(slice)}");
        }
    }

    private async Task MoveAsync(RolloutLog log, RevertMove move, ImmutableArray<Task<string?>>.Builder proofs, long failedAt, CancellationToken slice, CancellationToken ct)
    {
        if (move.Restores)
        {
            proofs.Add(await RestoreAsync(log, move.Undo, failedAt, slice, ct).ConfigureAwait(false));
        }
        else
        {
            await target.WithdrawAsync(move.Undo, slice).ConfigureAwait(false);
        }
    }

    private async Task<Task<string?>> RestoreAsync(RolloutLog log, Undo undo, long failedAt, CancellationToken slice, CancellationToken ct)
    {
        var outcome = await target.RestoreAsync(undo, slice).ConfigureAwait(false);
        if (outcome is StepOutcome.Failed { Code: not ReasonCode.ChangedByOthers } failed)
        {
            throw new EnvironmentException(failed.Code, $"{undo.Name}: {failed.Detail}");
        }

        log.Tell(undo.Workload, RolloutPhase.Restored);
        return outcome is StepOutcome.Done done ? ProveAsync(log, undo, done.ContainerId ?? undo.OldId, failedAt, ct) : Task.FromResult<string?>(null);
    }

    private async Task<string?> ProveAsync(RolloutLog log, Undo undo, string containerId, long failedAt, CancellationToken ct)
    {
        if (!undo.WasHealthy)
        {
            await log.TryWriteAsync(new JournalEntry.Restored(undo.Key, null)).ConfigureAwait(false);
            return null;
        }

        // Of the budget, enough has to be left for starting and cleaning up.
        var subject = steps.SubjectOf(undo, containerId);
        var longest = settings.Project(log.Header.Project).RevertBudget / 4;
        var rules = subject.Rules with { StableFor = subject.Rules.StableFor < longest ? subject.Rules.StableFor : longest };
        var result = await prober.WatchAsync(subject with { Rules = rules }, ct).ConfigureAwait(false);
        if (result.Verdict is Health.Unhealthy sick)
        {
            return $"{undo.Name} runs again but is not healthy: {sick.Detail}";
        }

        await log.TryWriteAsync(new JournalEntry.Restored(undo.Key, Between(failedAt, result.FirstOkAt), Between(log.DownSince.GetValueOrDefault(undo.Key), result.FirstOkAt))).ConfigureAwait(false);
        return null;
    }

    private long? Between(long from, long? to) => from != 0 && to is { } end ? (long)time.GetElapsedTime(from, end).TotalMilliseconds : null;

    private Task<bool> TryAsync(Func<Task> attempt, CancellationToken ct) =>
        patience.KeepTryingAsync(async () =>
        {
            await attempt().ConfigureAwait(false);
            return true;
        }, ct);

    [LoggerMessage(1014, LogLevel.Error, "Going back in rollout {Rollout} of {Project} met an unexpected fault")]
    private static partial void Unexpected(ILogger logger, string project, string rollout, Exception fault);

    [LoggerMessage(1012, LogLevel.Critical, "Rollout {Rollout} of {Project} is STUCK and needs a person: {Problem}")]
    private static partial void Stuck(ILogger logger, string project, string rollout, string problem);
}
