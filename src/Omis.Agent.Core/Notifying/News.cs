using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Notifying;

/// <summary>Only a change is told. Pure.</summary>
public static class News
{
    /// <param name="known">What history already has under this id and outcome.</param>
    /// <param name="before">The project's last rollout, which is more than what a gate or the plan refused.</param>
    public static bool IsNews(RolloutRecord record, RolloutRecord? known, RolloutRecord? before) => record.Outcome switch
    {
        // Found stuck again at each cycle.
        Outcome.Stuck => known is null,

        // A disk that is full fails the same pull at each poll, and what would be lost would be so at each.
        _ when TouchedNothing(record) => before is null || before.Outcome != record.Outcome || before.Reason?.Code != record.Reason?.Code || !Targets(before.Steps).SequenceEqual(Targets(record.Steps)),
        _ => true,
    };

    /// <summary>Nobody is told of the beginning of what failed before it touched anything, and is likely to fail again: the end may be no news.</summary>
    public static bool IsNews(StartedRollout started, RolloutRecord? before) =>
        before is null || !TouchedNothing(before) || !Targets(before.Steps).SequenceEqual(Targets(started.Steps));

    /// <summary>A rollout that ended before its first touch; it is tried again at each poll.</summary>
    private static bool TouchedNothing(RolloutRecord record) => record.Outcome == Outcome.Failed || record is { Outcome: Outcome.Refused, Reason.Code: ReasonCode.Lossy };

    private static IEnumerable<(string, Digest?)> Targets(IEnumerable<StepRecord> steps) => steps.Select(step => (step.Service, step.To));
}
