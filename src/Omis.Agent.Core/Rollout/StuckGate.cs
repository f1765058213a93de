using System.Collections.Immutable;
using Omis.Agent.Core.Gating;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Rollout;

/// <summary>A project that could not be brought back is mended before anything new is done to it.</summary>
internal sealed class StuckGate(ImmutableArray<RolloutRecord> stuck) : IGate
{
    public string Name => "stuck";

    /// <summary>What is down because of a stuck rollout was not stopped by a person.</summary>
    public Plan Explain(Plan plan) => plan with
    {
        Skipped = [.. plan.Skipped.Select(skip => skip.Reason == ReasonCode.Stopped && Of([skip.Workload.Project]) is { } why ? skip with { Reason = why.Reason, Detail = why.Detail } : skip)],
    };

    public Refusal? Judge(RolloutPlan rollout, DateTimeOffset now) =>
        Of(rollout.Steps.Select(step => step.Workload.Project).Append(rollout.Project));

    private Refusal? Of(IEnumerable<string> projects) =>
        stuck.FirstOrDefault(record => projects.Contains(record.Project)) is { } record
            ? new Refusal(ReasonCode.Interrupted, $"rollout {record.Id} is stuck and comes first")
            : null;
}
