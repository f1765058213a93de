using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Notifying;

/// <summary>Only a change is told. Pure.</summary>
public static class News
{
    /// <param name="known">What history already has under this id and outcome.</param>
    /// <param name="before">The project's last rollout that was more than a refusal.</param>
    public static bool IsNews(RolloutRecord record, RolloutRecord? known, RolloutRecord? before) => record.Outcome switch
    {
        // Found stuck again at each cycle.
        Outcome.Stuck => known is null,

        // A disk that is full fails the same pull at each poll.
        Outcome.Failed => before is not { Outcome: Outcome.Failed } || before.Reason?.Code != record.Reason?.Code || !Targets(before).SequenceEqual(Targets(record)),
        _ => true,
    };

    private static IEnumerable<(string, Naming.Digest?)> Targets(RolloutRecord record) => record.Steps.Select(step => (step.Service, step.To));
}
