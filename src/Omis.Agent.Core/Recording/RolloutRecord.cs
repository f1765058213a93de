using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;

namespace Omis.Agent.Core.Recording;

/// <summary>One rollout as history, notices and <c>--json</c> show it. Durations are milliseconds.</summary>
public sealed record RolloutRecord
{
    public required string Id { get; init; }

    public required string Project { get; init; }

    /// <summary>What the entry is; null for an update.</summary>
    public EntryKind? Kind { get; init; }

    public required Trigger Trigger { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Actor { get; init; }

    /// <summary>What the person gave as <c>--reason</c>.</summary>
    public string? Comment { get; init; }

    public required Outcome Outcome { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public Reason? Reason { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    public required ImmutableArray<StepRecord> Steps { get; init; }
}

public sealed record Reason(ReasonCode Code, string Detail);

public sealed record StepRecord
{
    public required string Service { get; init; }

    public required StepAction Action { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public Digest? From { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public Digest? To { get; init; }

    public required Outcome Outcome { get; init; }

    /// <summary>From the stop of the old container to the first good sample of the new one, or of the old one again where the new one never was well; the longest of the replicas.</summary>
    public long? DownMs { get; init; }

    /// <summary>From the failing verdict to the first good sample of the old container, the longest of the replicas.</summary>
    public long? RevertMs { get; init; }

    public int? ExitCode { get; init; }

    public ImmutableArray<string>? LogTail { get; init; }

    /// <summary>As configured: <c>repo:tag</c>; null where the step has no image of its own.</summary>
    public string? Image { get; init; }

    public ImageOrigin? FromOrigin { get; init; }

    public ImageOrigin? ToOrigin { get; init; }
}

[JsonConverter(typeof(CamelCaseJson<EntryKind>))]
public enum EntryKind
{
    /// <summary>A rollout that a person sent back to older digests.</summary>
    Rollback,

    /// <summary>A person holds a service at a digest; no container was touched.</summary>
    Pin,

    Unpin,

    /// <summary>A notice that could not be delivered and was given up.</summary>
    Notice,
}

[JsonConverter(typeof(CamelCaseJson<Trigger>))]
public enum Trigger
{
    Poll, Webhook, Manual, Recovery,
}

[JsonConverter(typeof(CamelCaseJson<Outcome>))]
public enum Outcome
{
    Committed,
    Reverted,
    Stuck,
    Refused,

    /// <summary>Before the first touch.</summary>
    Failed,

    /// <summary>Of a step: the rollout ended before its turn.</summary>
    Untouched,
}

public sealed class CamelCaseJson<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
    where T : struct, Enum;
