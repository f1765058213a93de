using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Rollout;

/// <summary>One pass, as far as it went. Parts that were not reached are null.</summary>
public sealed record CycleReport
{
    public required string Cycle { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public long DurationMs { get; init; }

    public ImmutableArray<SeenWorkload>? Seen { get; init; }

    public PlanReport? Plan { get; init; }

    public ImmutableArray<RolloutRecord>? Rollouts { get; init; }

    /// <summary>Why the pass ended early; nothing was touched.</summary>
    public Reason? Error { get; init; }

    /// <summary>True where an update waits behind a gate.</summary>
    [JsonIgnore]
    public bool AnyHeld { get; init; }
}

public sealed record SeenWorkload
{
    public required string Project { get; init; }

    public required string Service { get; init; }

    public required int Replicas { get; init; }

    public required string Image { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public Digest? Running { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public Digest? Latest { get; init; }

    public required SeenState State { get; init; }
}

[JsonConverter(typeof(CamelCaseJson<SeenState>))]
public enum SeenState
{
    UpToDate,
    UpdateAvailable,

    /// <summary>The registry did not say.</summary>
    Unknown,

    /// <summary>Never asked: pinned, local, stopped, or told to be left alone.</summary>
    Unmanaged,
}

public sealed record PlanReport(ImmutableArray<ImmutableArray<PlannedStep>> Waves, ImmutableArray<SkippedWorkload> Skipped)
{
    public static PlanReport Of(Plan plan)
    {
        var depth = plan.Rollouts.Select(rollout => rollout.Waves.Length).DefaultIfEmpty(0).Max();
        return new PlanReport(
            [.. Enumerable.Range(0, depth).Select(i => plan.Rollouts.Where(rollout => i < rollout.Waves.Length).SelectMany(rollout => rollout.Waves[i].Steps).Select(PlannedStep.Of).ToImmutableArray())],
            [.. plan.Skipped.Select(skip => new SkippedWorkload(skip.Workload.Project, skip.Workload.Service, skip.Reason, skip.Detail))]);
    }
}

public sealed record PlannedStep(
    string Project,
    string Service,
    StepAction Action,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Digest? From,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Digest? To,
    string Cause)
{
    public static PlannedStep Of(Step step) => new(step.Workload.Project, step.Workload.Service, step.Action, step.From, step.To, step.Cause);
}

public sealed record SkippedWorkload(string Project, string Service, ReasonCode Reason, string Detail);
