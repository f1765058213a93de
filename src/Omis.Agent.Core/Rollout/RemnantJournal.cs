using System.Collections.Immutable;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Rollout;

/// <summary>
/// The journal of one rollout, written anew from what it left on the engine, for a database that was lost. Where it
/// had committed it is finished; else it goes back as a whole, since nobody knows what it still had before it. Pure.
/// </summary>
public static class RemnantJournal
{
    public static ImmutableArray<JournalEntry> Of(ImmutableArray<Remnant> remnants, DateTimeOffset now)
    {
        var isCommitted = remnants.Any(remnant => remnant.IsCommitted) && remnants.All(remnant => remnant.InPlace);
        var halves = remnants.Where(remnant => remnant.Undo.OldId.Length > 0).ToImmutableArray();
        return
        [
            new JournalEntry.Started(Header(halves, now)),
            .. halves.SelectMany(Entries),
            isCommitted ? new JournalEntry.Committed() : new JournalEntry.Failing(null, ReasonCode.Interrupted, "the agent ended in the middle of the rollout and its journal is lost", ImageFault: false),
        ];
    }

    /// <summary>
    /// What a journal lacks that lost its end, as a damaged file does: intents stand in it before every touch, so that a
    /// new container in its place tells of entries that were there.
    /// </summary>
    /// <param name="remnants">Of this rollout.</param>
    /// <returns>Nothing where the journal is whole.</returns>
    public static ImmutableArray<JournalEntry> Missing(RolloutState state, ImmutableArray<Remnant> remnants)
    {
        var unheard = remnants.Where(remnant => remnant.InPlace && !(PhaseOf(state, remnant) >= ReplicaPhase.Swapping)).ToImmutableArray();
        if (state.Committed || state.Failure is not null || unheard.IsEmpty)
        {
            return [];
        }

        var isCommitted = remnants.Any(remnant => remnant.IsCommitted) && remnants.All(remnant => remnant.InPlace);
        return
        [
            .. unheard.Where(remnant => PhaseOf(state, remnant) is null && remnant.Undo.OldId.Length > 0).SelectMany(Entries),
            .. unheard.Where(remnant => PhaseOf(state, remnant) is not null).SelectMany(remnant => (JournalEntry[])
            [
                new JournalEntry.Staged(remnant.Undo.Key, remnant.Undo.NewId), new JournalEntry.Swapping(remnant.Undo.Key), new JournalEntry.Swapped(remnant.Undo.Key),
            ]),
            .. isCommitted ? (JournalEntry[])[new JournalEntry.Committed()] : [],
        ];
    }

    private static ReplicaPhase? PhaseOf(RolloutState state, Remnant remnant) =>
        state.Replicas.FirstOrDefault(replica => replica.Undo.Key == remnant.Undo.Key)?.Phase;

    private static IEnumerable<JournalEntry> Entries(Remnant remnant)
    {
        var undo = remnant.Undo;
        yield return new JournalEntry.Staging(undo with { NewId = null });
        yield return new JournalEntry.Staged(undo.Key, undo.NewId);
        if (remnant.IsTouched)
        {
            yield return new JournalEntry.Swapping(undo.Key);
        }

        if (remnant.InPlace)
        {
            yield return new JournalEntry.Swapped(undo.Key);
        }
    }

    private static RolloutHeader Header(ImmutableArray<Remnant> halves, DateTimeOffset now) => new()
    {
        Id = halves[0].Undo.Rollout,
        Project = halves[0].Undo.Workload.Project,
        Trigger = Trigger.Recovery,
        StartedAt = now,
        Steps = [.. halves.GroupBy(remnant => remnant.Undo.Workload).Select(Step)],
    };

    private static Step Step(IGrouping<WorkloadId, Remnant> remnants) => new()
    {
        Workload = remnants.Key,
        Action = StepAction.Recreate,
        Image = remnants.First().Image,
        From = remnants.First().From,
        To = remnants.First().Undo.To ?? remnants.First().From,
        Replicas = [.. remnants.Select((remnant, i) => new ReplicaRef(remnant.Undo.OldId, remnant.Undo.Name, i + 1, remnant.Undo.OldImageId))],
        Cause = "found half done",
        OneShot = remnants.First().Undo.OneShot,
        After = remnants.First().Undo.After,
    };
}
