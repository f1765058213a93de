using System.Collections.Immutable;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Testing;

namespace Omis.Agent.Core.Tests.Rollout;

public sealed class RemnantJournalTests
{
    [Fact]
    public void What_is_only_staged_has_touched_nothing()
    {
        var state = Folded(Remnant("db") with { IsTouched = false, InPlace = false });

        Assert.False(state.Touched);
        Assert.Equal("new-db", state.Replicas[0].Undo.NewId);
        Assert.NotNull(state.Failure);
    }

    [Fact]
    public void What_is_in_place_beside_its_parked_one_goes_back_with_the_rest()
    {
        var state = Folded(Remnant("db"), Remnant("web") with { IsTouched = false, InPlace = false });

        Assert.Equal([ReplicaPhase.Swapped, ReplicaPhase.Staged], state.Replicas.Select(replica => replica.Phase));
        Assert.False(state.Committed);
        Assert.False(state.Failure!.ImageFault);
    }

    [Fact]
    public void A_parked_container_that_is_gone_already_tells_of_the_commit()
    {
        var gone = Remnant("db");
        var state = Folded(gone with { Undo = gone.Undo with { OldId = "" } }, Remnant("web"));

        Assert.True(state.Committed);
        Assert.Null(state.Failure);
        Assert.Equal("web", Assert.Single(state.Replicas).Undo.Workload.Service);
    }

    [Fact]
    public void With_one_not_in_place_there_was_no_commit_whatever_is_gone()
    {
        var gone = Remnant("db");
        var state = Folded(gone with { Undo = gone.Undo with { OldId = "" } }, Remnant("web") with { InPlace = false });

        Assert.False(state.Committed);
    }

    [Fact]
    public async Task A_lost_rollout_is_taken_back_and_counts_against_no_image()
    {
        var scene = new RolloutScene();
        scene.Engine.Remnants = [Remnant("db"), Remnant("web")];

        var record = Assert.Single(await scene.RecoverAsync());

        Assert.Equal((Outcome.Reverted, Trigger.Recovery), (record.Outcome, record.Trigger));
        Assert.Contains("restore db", scene.Touches, StringComparison.Ordinal);
        Assert.Contains("discard web", scene.Touches, StringComparison.Ordinal);
        Assert.Empty(scene.Engine.Quarantine);
        Assert.Empty(scene.Engine.Journal);
    }

    [Fact]
    public void A_journal_that_lost_its_end_learns_what_is_in_place_and_goes_back_whole()
    {
        var state = Mended(Begun(ReplicaPhase.Staging), Remnant("db"), Remnant("web"));

        Assert.Equal([("db", ReplicaPhase.Swapped), ("web", ReplicaPhase.Swapped)], state.Replicas.Select(replica => (replica.Undo.Workload.Service, replica.Phase)));
        Assert.Equal("new-db", state.Replicas[0].Undo.NewId);
        Assert.False(state.Committed);
    }

    [Fact]
    public void It_learns_of_the_commit_from_a_parked_container_that_is_gone()
    {
        var gone = Remnant("db");

        Assert.True(Mended(Begun(ReplicaPhase.Staged), gone with { Undo = gone.Undo with { OldId = "" } }, Remnant("web")).Committed);
    }

    [Theory]
    [InlineData(ReplicaPhase.Swapping)]
    [InlineData(ReplicaPhase.Proven)]
    public void A_whole_journal_learns_nothing(ReplicaPhase phase) =>
        Assert.Empty(RemnantJournal.Missing(Begun(phase), [Remnant("db")]));

    [Fact]
    public void Nor_does_one_that_goes_back_already()
    {
        var failing = Begun(ReplicaPhase.Staged) with { Failure = new Failure(null, ReasonCode.Interrupted, "", ImageFault: false) };

        Assert.Empty(RemnantJournal.Missing(failing, [Remnant("db")]));
    }

    /// <summary>A rollout whose journal knows of <c>db</c> alone.</summary>
    private static RolloutState Begun(ReplicaPhase phase) =>
        new(new RolloutHeader { Id = "r", Project = "shop", Trigger = Trigger.Poll, StartedAt = Some.Moment, Steps = [RolloutScene.Step("db"), RolloutScene.Step("web")] })
        {
            Replicas = [new ReplicaState(Some.Undo("db"), phase)],
        };

    private static RolloutState Mended(RolloutState state, params ImmutableArray<Remnant> remnants) =>
        RemnantJournal.Missing(state, remnants).Aggregate(state, JournalReplay.Apply);

    private static RolloutState Folded(params ImmutableArray<Remnant> remnants) =>
        JournalReplay.Fold(RemnantJournal.Of(remnants, Some.Moment))!;

    private static Remnant Remnant(string service) =>
        new(Some.Undo(service) with { NewId = "new-" + service }, $"127.0.0.1:5000/{service}:latest", Some.Digest(1), IsTouched: true, InPlace: true);
}
