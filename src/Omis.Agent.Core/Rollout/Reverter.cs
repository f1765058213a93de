using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
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
            return await log.CloseAsync(RecordOf.Rollout(failed, Outcome.Failed, time.GetUtcNow()), []).ConfigureAwait(false);
        }

        var failedAt = time.GetTimestamp();
        await log.TryWriteAsync(Entry(failure)).ConfigureAwait(false);
        log.Tell(Blamed(log, failure), RolloutPhase.Failing, failure.Detail);
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
        try
        {
            var proofs = await MoveBackAsync(log, failedAt, budget.Token).ConfigureAwait(false);
            var problems = await Task.WhenAll(proofs).ConfigureAwait(false);
            foreach (var replica in log.State.Replicas.Reverse())
            {
                await TryAsync(() => target.DiscardAsync(replica.Undo, budget.Token), budget.Token).ConfigureAwait(false);
            }

            return problems.FirstOrDefault(problem => problem is not null);
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested)
        {
            return "the revert budget was spent";
        }
        catch (EnvironmentException fault)
        {
            return fault.Message;
        }
    }

    /// <returns>The proofs that the old containers are as well as they were; they run on while the next one is restored.</returns>
    private async Task<ImmutableArray<Task<string?>>> MoveBackAsync(RolloutLog log, long failedAt, CancellationToken ct)
    {
        var touched = log.State.Replicas.Where(replica => replica.Phase >= ReplicaPhase.Swapping).Select(replica => replica.Undo).ToImmutableArray();
        var proofs = ImmutableArray.CreateBuilder<Task<string?>>();
        var left = RevertOrder.Of(touched).ToList();
        await TryAsync(() => RoundAsync(log, left, proofs, failedAt, ct), ct).ConfigureAwait(false);

        // Evidence is taken when the old containers run: reading logs must not keep a service down.
        foreach (var undo in touched)
        {
            var evidence = await patience.KeepTryingAsync(() => target.EvidenceAsync(undo, ct), ct).ConfigureAwait(false);
            await log.TryWriteAsync(new JournalEntry.Withdrawn(undo.Key, evidence.ExitCode, evidence.LogTail)).ConfigureAwait(false);
        }

        return proofs.ToImmutable();
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
                await MoveAsync(log, move, proofs, failedAt, ct).ConfigureAwait(false);
                left.Remove(move);
            }
            catch (EnvironmentException fault)
            {
                first ??= fault;
            }
        }

        if (first is not null)
        {
            throw first;
        }
    }

    private async Task MoveAsync(RolloutLog log, RevertMove move, ImmutableArray<Task<string?>>.Builder proofs, long failedAt, CancellationToken ct)
    {
        if (move.Restores)
        {
            proofs.Add(await RestoreAsync(log, move.Undo, failedAt, ct).ConfigureAwait(false));
        }
        else
        {
            await target.WithdrawAsync(move.Undo, ct).ConfigureAwait(false);
        }
    }

    private async Task<Task<string?>> RestoreAsync(RolloutLog log, Undo undo, long failedAt, CancellationToken ct)
    {
        var outcome = await target.RestoreAsync(undo, ct).ConfigureAwait(false);
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

        var took = result.FirstOkAt is { } first ? (long)time.GetElapsedTime(failedAt, first).TotalMilliseconds : (long?)null;
        await log.TryWriteAsync(new JournalEntry.Restored(undo.Key, took)).ConfigureAwait(false);
        return null;
    }

    private Task<bool> TryAsync(Func<Task> attempt, CancellationToken ct) =>
        patience.KeepTryingAsync(async () =>
        {
            await attempt().ConfigureAwait(false);
            return true;
        }, ct);

    [LoggerMessage(1012, LogLevel.Critical, "Rollout {Rollout} of {Project} is STUCK and needs a person: {Problem}")]
    private static partial void Stuck(ILogger logger, string project, string rollout, string problem);
}
