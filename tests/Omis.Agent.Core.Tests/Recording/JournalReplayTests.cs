using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;
using Omis.Agent.Testing;
using static Omis.Agent.Core.Recording.JournalEntry;

namespace Omis.Agent.Core.Tests.Recording;

public sealed class JournalReplayTests
{
    private const string Key = "backend.1";

    [Fact]
    public void Without_a_beginning_there_is_no_state()
    {
        Assert.Null(JournalReplay.Fold([]));
        Assert.Null(JournalReplay.Fold([new Staging(Some.Undo()), new Swapping(Key), new JournalEntry.Committed()]));
    }

    [Fact]
    public void A_beginning_alone_has_touched_nothing()
    {
        var state = Fold();

        Assert.Equal(Some.Header().Id, state.Header.Id);
        Assert.Empty(state.Replicas);
        Assert.False(state.Touched || state.Committed || state.Soak is not null || state.WasStuck);
        Assert.Null(state.Failure);
    }

    public static TheoryData<JournalEntry, ReplicaPhase, bool> Phases => new()
    {
        { new Staged(Key, "new"), ReplicaPhase.Staged, false },
        { new Swapping(Key), ReplicaPhase.Swapping, true },
        { new Swapped(Key), ReplicaPhase.Swapped, true },
        { new Proven(Key, 640), ReplicaPhase.Proven, true },
        { new Restored(Key, 580), ReplicaPhase.Restored, true },
    };

    [Theory]
    [MemberData(nameof(Phases))]
    public void A_replica_is_where_its_last_entry_says_and_the_others_stay(JournalEntry entry, ReplicaPhase phase, bool touched)
    {
        var state = Fold(new Staging(Some.Undo()), new Staging(Some.Undo("web.1")), entry);

        Assert.Equal([phase, ReplicaPhase.Staging], state.Replicas.Select(replica => replica.Phase));
        Assert.Equal(touched, state.Touched);
    }

    [Fact]
    public void What_was_measured_and_found_is_kept()
    {
        var state = Fold(new Staging(Some.Undo()), new Staged(Key, "new"), new Swapping(Key), new Swapped(Key), new Proven(Key, 640), new Soaking(),
            new Failing(Key, ReasonCode.SoakFailed, "refused", ImageFault: true), new Withdrawn(Key, 137, ["killed"]), new Restored(Key, 580));

        var replica = Assert.Single(state.Replicas);
        Assert.Equal("new", replica.Undo.NewId);
        Assert.Equal((640, 580), (replica.DownMs, replica.RevertMs));
        Assert.Equal(137, replica.Evidence.ExitCode);
        Assert.Equal(["killed"], replica.Evidence.LogTail);
        Assert.Equal(new Failure(Key, ReasonCode.SoakFailed, "refused", ImageFault: true), state.Failure);
        Assert.NotNull(state.Soak);
    }

    [Fact]
    public void A_commit_ends_it_well() => Assert.True(Fold(new JournalEntry.Committed()).Committed);

    [Fact]
    public void Trying_again_ends_being_stuck_but_not_that_it_was()
    {
        var stuck = Fold(new Failing(null, ReasonCode.Cancelled, "stop", ImageFault: false), new Stuck("budget"));
        var again = JournalReplay.Apply(stuck, new Failing(null, ReasonCode.Cancelled, "stop", ImageFault: false));

        Assert.Equal(("budget", true), (stuck.Stuck, stuck.WasStuck));
        Assert.Equal((null, true), (again.Stuck, again.WasStuck));
    }

    [Fact]
    public void An_entry_about_a_replica_that_nobody_staged_changes_nothing()
    {
        var state = Fold(new Staging(Some.Undo()), new Swapped("ghost.1"));

        Assert.Equal(ReplicaPhase.Staging, Assert.Single(state.Replicas).Phase);
    }

    [Fact]
    public void Folding_entry_by_entry_is_folding_them_all()
    {
        JournalEntry[] entries = [new Started(Some.Header()), new Staging(Some.Undo()), new Staged(Key, null), new Swapping(Key), new Soaking()];

        var stepwise = entries[1..].Aggregate(JournalReplay.Fold(entries[..1])!, JournalReplay.Apply);

        var whole = JournalReplay.Fold(entries)!;
        Assert.Equal(whole.Replicas, stepwise.Replicas);
        Assert.Equal(whole with { Replicas = [], Header = stepwise.Header }, stepwise with { Replicas = [] });
    }

    private static RolloutState Fold(params JournalEntry[] rest) => JournalReplay.Fold([new Started(Some.Header()), .. rest])!;
}
