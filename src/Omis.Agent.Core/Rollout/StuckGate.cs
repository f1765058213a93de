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

    public Refusal? Judge(RolloutPlan rollout, DateTimeOffset now)
    {
        var projects = rollout.Steps.Select(step => step.Workload.Project).Append(rollout.Project).ToHashSet(StringComparer.Ordinal);
        return stuck.FirstOrDefault(record => projects.Contains(record.Project)) is { } record
            ? new Refusal(ReasonCode.Interrupted, $"rollout {record.Id} is stuck and comes first")
            : null;
    }
}
