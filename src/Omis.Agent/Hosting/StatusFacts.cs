using System.Collections.Immutable;
using Omis.Agent.Core.Gating;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Hosting;

/// <summary>What the state remembers, from which <see cref="StatusReport"/> follows. Pure.</summary>
/// <param name="Service">Null where no service runs.</param>
/// <param name="RollsOut">True where some process is rolling out at this moment.</param>
internal sealed record StatusFacts(ServiceSign? Service, LastCycle? Last, ImmutableArray<RolloutState> Open, ImmutableArray<Pause> Pauses, ImmutableArray<Pin> Pins, bool RollsOut, DateTimeOffset Now)
{
    public ImmutableArray<Backlog> Notices { get; init; } = [];

    public StatusReport Report() => new()
    {
        Service = Activity(),
        Pid = Service?.Pid,
        NextCheckAt = Service?.NextCheckAt,
        ConfigRefused = Service?.ConfigRefused is { IsDefaultOrEmpty: false } problems ? problems : null,
        LastCycle = Last is null ? null : new CycleMark(Last.Id, Last.At, Last.Error),
        Pauses = [.. Pauses.Where(Holds)],
        Notices = Notices.IsEmpty ? null : Notices,
        Projects = [.. Names().Select(Project)],
    };

    private ServiceActivity Activity() =>
        Service is null ? ServiceActivity.Stopped
        : RollsOut && !Open.IsEmpty && Service.Activity == ServiceActivity.Checking ? ServiceActivity.RollingOut
        : Service.Activity == ServiceActivity.Idle && Pauses.Any(pause => pause.Project is null && Holds(pause)) ? ServiceActivity.Paused
        : Service.Activity;

    private IEnumerable<string> Names() =>
        (Last?.Seen ?? []).Select(id => id.Project)
            .Concat(Open.Select(rollout => rollout.Header.Project))
            .Concat(Pauses.Where(Holds).Select(pause => pause.Project).OfType<string>())
            .Concat(Pins.Select(pin => pin.Workload.Project))
            .Distinct().Order(StringComparer.Ordinal);

    private ProjectStatus Project(string project)
    {
        ImmutableArray<RolloutState> open = [.. Open.Where(rollout => rollout.Header.Project == project)];
        ImmutableArray<BlockedService> blocked = [.. (Last?.Blocked ?? []).Where(skip => skip.Workload.Project == project).Select(skip => new BlockedService(skip.Workload.Service, skip.Reason, skip.Detail))];
        ImmutableArray<BlockedService> pinned = [.. Pins.Where(pin => pin.Workload.Project == project).Select(pin => new BlockedService(pin.Workload.Service, ReasonCode.Pinned, pin.Text))];
        return new ProjectStatus(project, State(project, open, blocked), [.. blocked.Where(skip => !pinned.Any(pin => pin.Service == skip.Service)), .. pinned], [.. open.SelectMany(Parked)])
        {
            Rollout = open.FirstOrDefault()?.Header.Id,
            Detail = open.Select(rollout => rollout.Stuck).FirstOrDefault(stuck => stuck is not null),
        };
    }

    private ProjectState State(string project, ImmutableArray<RolloutState> open, ImmutableArray<BlockedService> blocked) =>
        !open.IsEmpty && RollsOut ? ProjectState.RollingOut
        : open.Any(rollout => rollout.Stuck is not null) ? ProjectState.Stuck
        : !open.IsEmpty ? ProjectState.Interrupted
        : Pauses.Any(pause => pause.Holds(project, Now)) ? ProjectState.Paused
        : !blocked.IsEmpty ? ProjectState.Blocked
        : ProjectState.Idle;

    private bool Holds(Pause pause) => pause.Until is null || Now < pause.Until;

    /// <summary>From the moment that a swap may have begun until the container is back, the old one is aside.</summary>
    private static IEnumerable<ParkedContainer> Parked(RolloutState rollout) =>
        rollout.Replicas
            .Where(replica => replica is { Phase: ReplicaPhase.Swapping or ReplicaPhase.Swapped or ReplicaPhase.Proven, Undo.Action: StepAction.Recreate })
            .Select(replica => new ParkedContainer(replica.Undo.Workload.Service, replica.Undo.ParkedName, replica.Undo.OldId, rollout.Header.Id));
}
