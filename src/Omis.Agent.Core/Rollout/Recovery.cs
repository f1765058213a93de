using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Rollout;

/// <summary>
/// At every start and before every cycle: ends what the journal shows half done. Forward where every new container was
/// already in its place and proves healthy, back otherwise; an interruption counts against no image.
/// </summary>
public sealed partial class Recovery(IJournal journal, ITarget target, PlanRunner runner, Committer committer, Reverter reverter, RolloutIds ids, TimeProvider time, ILogger<Recovery> logger)
{
    public async Task<ImmutableArray<RolloutRecord>> RunAsync(IProgress<RolloutEvent> progress, CancellationToken ct)
    {
        var records = ImmutableArray.CreateBuilder<RolloutRecord>();
        foreach (var open in await journal.OpenAsync(ct).ConfigureAwait(false))
        {
            await EndAsync(await WholeAsync(open, ct).ConfigureAwait(false), records, progress, ct).ConfigureAwait(false);
        }

        if (records.Count > 0 && ct.IsCancellationRequested)
        {
            // Told to stop: what was done is told, and the next start looks for the rest.
            return records.ToImmutable();
        }

        foreach (var lost in await RestoreLostAsync(ct).ConfigureAwait(false))
        {
            await EndAsync(lost, records, progress, ct).ConfigureAwait(false);
        }

        return records.ToImmutable();
    }

    /// <summary>A damaged database may still be read, without its end: what the engine shows makes it whole again.</summary>
    private async Task<OpenRollout> WholeAsync(OpenRollout open, CancellationToken ct)
    {
        if (JournalReplay.Fold(open.Entries) is not { } state)
        {
            return open;
        }

        var remnants = await target.FindRemnantsAsync([], ct).ConfigureAwait(false);
        var missing = RemnantJournal.Missing(state, [.. remnants.Where(remnant => remnant.Undo.Rollout == open.Id)]);
        foreach (var entry in missing)
        {
            await journal.AppendAsync(open.Id, entry, ct).ConfigureAwait(false);
        }

        if (!missing.IsEmpty)
        {
            LostItsEnd(logger, open.Id, state.Header.Project);
        }

        return open with { Entries = [.. open.Entries, .. missing] };
    }

    /// <summary>A database may be lost or set aside; what the engine shows of a rollout is enough to end it.</summary>
    private async Task<ImmutableArray<OpenRollout>> RestoreLostAsync(CancellationToken ct)
    {
        var open = (await journal.OpenAsync(ct).ConfigureAwait(false)).Select(rollout => rollout.Id).ToImmutableHashSet();
        var remnants = await target.FindRemnantsAsync(open, ct).ConfigureAwait(false);
        var restored = ImmutableArray.CreateBuilder<OpenRollout>();
        foreach (var lost in remnants.GroupBy(remnant => remnant.Undo.Rollout).Where(lost => lost.Any(remnant => remnant.Undo.OldId.Length > 0)))
        {
            Lost(logger, lost.First().Undo.Workload.Project, lost.Key);
            restored.Add(new OpenRollout(lost.Key, RemnantJournal.Of([.. lost], time.GetUtcNow())));
            await journal.RestoreAsync(lost.Key, restored[^1].Entries, ct).ConfigureAwait(false);
        }

        return restored.ToImmutable();
    }

    private async Task EndAsync(OpenRollout open, ImmutableArray<RolloutRecord>.Builder records, IProgress<RolloutEvent> progress, CancellationToken ct)
    {
        // Told to stop, it ends the one at hand: each of them may take its whole budget.
        if (!(records.Count > 0 && ct.IsCancellationRequested) && JournalReplay.Fold(open.Entries) is { } state)
        {
            Found(logger, state.Header.Project, open.Id);
            records.Add(await EndAsync(state, progress, ct).ConfigureAwait(false));
        }
    }

    private Task<RolloutRecord> EndAsync(RolloutState state, IProgress<RolloutEvent> progress, CancellationToken ct)
    {
        var recovered = state with { Header = state.Header with { Trigger = Trigger.Recovery } };
        var log = new RolloutLog(journal, recovered, progress) { RecordId = state.WasStuck ? ids.Next() : state.Header.Id };
        log.Tell(new RolloutEvent.Began(log.Header));
        return state.Committed ? committer.FinishAsync(log)
            : CanGoForward(state) ? runner.ResumeAsync(log, ct)
            : reverter.RevertAsync(log, state.Failure ?? new Failure(null, ReasonCode.Interrupted, "the agent ended in the middle of the rollout", ImageFault: false));
    }

    private static bool CanGoForward(RolloutState state) =>
        state.Failure is null
        && state.Replicas.Length == state.Header.Steps.Sum(step => step.Replicas.Length)
        && state.Replicas.All(replica => replica.Phase is ReplicaPhase.Swapped or ReplicaPhase.Proven);

    [LoggerMessage(1022, LogLevel.Warning, "The engine shows a rollout {Rollout} of {Project} that the journal has lost; it is ended by what its containers tell")]
    private static partial void Lost(ILogger logger, string project, string rollout);

    [LoggerMessage(1023, LogLevel.Warning, "The journal of rollout {Rollout} of {Project} has lost its end; it is ended by what its containers tell")]
    private static partial void LostItsEnd(ILogger logger, string rollout, string project);

    [LoggerMessage(1021, LogLevel.Warning, "Rollout {Rollout} of {Project} was not ended; ending it now")]
    private static partial void Found(ILogger logger, string project, string rollout);
}
