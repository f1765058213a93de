using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Rollout;

/// <summary>What a person watching a rollout sees as it happens.</summary>
public abstract record RolloutEvent
{
    private RolloutEvent() { }

    public sealed record Began(RolloutHeader Header) : RolloutEvent;

    public sealed record Pulling(PullProgress Progress) : RolloutEvent;

    public sealed record Moved(WorkloadId Workload, RolloutPhase Phase, string Detail = "") : RolloutEvent;

    public sealed record Ended(RolloutRecord Record) : RolloutEvent;
}

public enum RolloutPhase
{
    Staging, Staged, Swapping, Probing, Healthy, Soaking, Failing, Restored, Committed,
}
