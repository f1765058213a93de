using System.Collections.Immutable;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Planning;

/// <summary>What would be done and, for every other workload, why not. Nothing is dropped silently.</summary>
public sealed record Plan(ImmutableArray<RolloutPlan> Rollouts, ImmutableArray<Skip> Skipped)
{
    public static readonly Plan Empty = new([], []);

    public bool IsEmpty => Rollouts.IsEmpty;
}

/// <summary>One transaction: its steps commit together or go back together.</summary>
public sealed record RolloutPlan(string Project, ImmutableArray<Wave> Waves)
{
    public IEnumerable<Step> Steps => Waves.SelectMany(wave => wave.Steps);
}

/// <summary>Steps whose dependencies are all in earlier waves.</summary>
public sealed record Wave(ImmutableArray<Step> Steps);

public sealed record Skip(WorkloadId Workload, ReasonCode Reason, string Detail);
