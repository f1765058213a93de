using Omis.Agent.Core.Planning;

namespace Omis.Agent.Core.Recording;

/// <summary>A pin and its end as lines of history: no container was touched.</summary>
public static class PinRecord
{
    public static RolloutRecord Of(Pin pin, EntryKind kind, string id, string? actor, string? reason, DateTimeOffset now) => new()
    {
        Id = id,
        Project = pin.Workload.Project,
        Kind = kind,
        Trigger = Trigger.Manual,
        Actor = actor,
        Comment = reason,
        Outcome = Outcome.Committed,
        StartedAt = now,
        EndedAt = now,
        Steps = [new StepRecord { Service = pin.Workload.Service, Action = StepAction.Recreate, From = pin.Digest, To = pin.Digest, Outcome = Outcome.Untouched }],
    };
}
