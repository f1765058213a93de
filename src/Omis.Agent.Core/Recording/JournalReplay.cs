using Omis.Agent.Core.Applying;

namespace Omis.Agent.Core.Recording;

/// <summary>The state of a rollout is a pure fold over its journal: while it runs, and after a crash.</summary>
public static class JournalReplay
{
    /// <returns>The state, or null where the entries do not begin with <see cref="JournalEntry.Started"/>.</returns>
    public static RolloutState? Fold(IEnumerable<JournalEntry> entries) =>
        entries.Aggregate((RolloutState?)null, (state, entry) => state is null ? Begin(entry) : Apply(state, entry));

    public static RolloutState Apply(RolloutState state, JournalEntry entry) => entry switch
    {
        JournalEntry.Started started => state with { Header = started.Header },
        JournalEntry.Staging staging => state with { Replicas = [.. state.Replicas, new ReplicaState(staging.Undo, ReplicaPhase.Staging)] },
        JournalEntry.Staged staged => state.With(staged.Key, replica => replica with { Phase = ReplicaPhase.Staged, Undo = replica.Undo with { NewId = staged.NewId } }),
        JournalEntry.Swapping swapping => state.With(swapping.Key, replica => replica with { Phase = ReplicaPhase.Swapping }),
        JournalEntry.Swapped swapped => state.With(swapped.Key, replica => replica with { Phase = ReplicaPhase.Swapped }),
        JournalEntry.Proven proven => state.With(proven.Key, replica => replica with { Phase = ReplicaPhase.Proven, DownMs = proven.DownMs ?? replica.DownMs }),
        JournalEntry.Soaking soaking => state with { Soak = soaking },
        JournalEntry.Committed => state with { Committed = true },
        JournalEntry.Failing failing => state with { Failure = new Failure(failing.Key, failing.Code, failing.Detail, failing.ImageFault), Stuck = null },
        JournalEntry.Withdrawn gone => state.With(gone.Key, replica => replica with { Evidence = new Evidence(gone.ExitCode, gone.LogTail) }),
        JournalEntry.Restored restored => state.With(restored.Key, replica => replica with { Phase = ReplicaPhase.Restored, RevertMs = restored.RevertMs, DownMs = replica.DownMs ?? restored.DownMs }),
        JournalEntry.Stuck stuck => state with { Stuck = stuck.Detail, WasStuck = true },
        _ => state,
    };

    private static RolloutState? Begin(JournalEntry entry) =>
        entry is JournalEntry.Started started ? new RolloutState(started.Header) : null;
}
