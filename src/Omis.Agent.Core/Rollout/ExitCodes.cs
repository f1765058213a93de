using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Rollout;

/// <summary>What the process says with its exit code. With several: 5, 4, 3, 6, 0 in that order.</summary>
public static class ExitCodes
{
    public const int Done = 0;
    public const int Fault = 1;
    public const int Usage = 2;
    public const int Environment = 3;
    public const int Reverted = 4;
    public const int Stuck = 5;
    public const int Held = 6;
    public const int Busy = 7;

    private static readonly ImmutableArray<int> BySeverity = [Stuck, Reverted, Environment, Held];

    public static int Of(CycleReport report)
    {
        var found = (report.Rollouts ?? []).Select(Of)
            .Concat((report.Plan?.Skipped ?? []).Select(skip => skip.Reason.IsEnvironment() ? Environment : skip.Reason == ReasonCode.Lossy ? Held : Done))
            .Append(report.Error is null ? Done : Environment)
            .Append(report.AnyHeld ? Held : Done)
            .ToHashSet();
        return BySeverity.FirstOrDefault(found.Contains, Done);
    }

    private static int Of(RolloutRecord record) => record.Outcome switch
    {
        Outcome.Stuck => Stuck,
        // A person who stops the agent gets what he asked for: what ran before runs.
        Outcome.Reverted or Outcome.Failed when record.Reason?.Code == ReasonCode.Cancelled => Done,
        Outcome.Reverted => Reverted,
        Outcome.Failed => Environment,
        Outcome.Refused => Held,
        _ => Done,
    };
}
