using System.Collections.Immutable;
using Omis.Agent.Core.Gating;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;
using Omis.Agent.Hosting;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Hosting;

public sealed class StatusFactsTests
{
    private static readonly StatusFacts Quiet = new(new ServiceSign(ServiceActivity.Idle, 7, Some.Moment, Some.Moment.AddMinutes(5)), null, [], [], [], RollsOut: false, Some.Moment);

    private static readonly RolloutState Open = new(Some.Header()) { Replicas = [new ReplicaState(Some.Undo(), ReplicaPhase.Swapped)] };

    [Fact]
    public void A_service_that_checks_while_a_rollout_is_open_is_rolling_out()
    {
        var busy = Quiet with { Service = Quiet.Service! with { Activity = ServiceActivity.Checking }, Open = [Open], RollsOut = true };

        Assert.Equal(ServiceActivity.RollingOut, busy.Report().Service);
        Assert.Equal(ProjectState.RollingOut, busy.Report().Projects[0].State);
        Assert.Equal(ServiceActivity.Checking, (busy with { Open = [] }).Report().Service);
    }

    [Fact]
    public void An_open_rollout_that_nobody_carries_out_was_interrupted()
    {
        var project = (Quiet with { Open = [Open] }).Report().Projects.Single();

        Assert.Equal(ProjectState.Interrupted, project.State);
        Assert.Equal("shop-backend-1.omis-parked", project.Parked.Single().Name);
    }

    [Fact]
    public void What_is_back_or_was_only_restarted_is_not_parked()
    {
        var restarted = Some.Undo("frontend.1") with { Action = StepAction.Restart };
        var state = Open with { Replicas = [new ReplicaState(Some.Undo(), ReplicaPhase.Restored), new ReplicaState(restarted, ReplicaPhase.Swapped), new ReplicaState(Some.Undo("db.1"), ReplicaPhase.Staged)] };

        Assert.Empty((Quiet with { Open = [state] }).Report().Projects.Single().Parked);
    }

    [Fact]
    public void A_pause_of_everything_pauses_the_service_until_it_is_over()
    {
        ImmutableArray<Pause> pauses = [new Pause(null, Some.Moment.AddHours(1), null, "ann", Some.Moment)];

        Assert.Equal(ServiceActivity.Paused, (Quiet with { Pauses = pauses }).Report().Service);
        Assert.Equal(ServiceActivity.Idle, (Quiet with { Pauses = pauses, Now = Some.Moment.AddHours(1) }).Report().Service);
        Assert.Equal(ServiceActivity.Stopped, (Quiet with { Pauses = pauses, Service = null }).Report().Service);
    }

    [Fact]
    public void A_pin_is_told_once_and_instead_of_what_the_last_cycle_held_back()
    {
        var last = new LastCycle("01A", Some.Moment, null, [Some.Workload()], [new Skip(Some.Workload(), ReasonCode.Quarantined, "old news")]);
        var project = (Quiet with { Last = last, Pins = [new Pin(Some.Workload(), Some.Digest(1), "ann", "freeze", Some.Moment)] }).Report().Projects.Single();

        Assert.Equal((ReasonCode.Pinned, "held at 000000000000 by ann: freeze"), (project.Blocked.Single().Reason, project.Blocked.Single().Detail));
    }
}
