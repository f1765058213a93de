using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Notifying;

/// <summary>Something that people and machines are told, once. It is kept until every channel that wants it has it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "notice")]
[JsonDerivedType(typeof(Begun), nameof(Begun))]
[JsonDerivedType(typeof(Ended), nameof(Ended))]
[JsonDerivedType(typeof(RegistryDown), nameof(RegistryDown))]
[JsonDerivedType(typeof(RegistryBack), nameof(RegistryBack))]
public abstract record Notice
{
    private Notice() { }

    /// <summary>The same however often it is sent: a receiver that has seen it may drop it.</summary>
    [JsonIgnore]
    public abstract string Id { get; }

    /// <summary>What is told in order, and in one place where a channel can: one rollout, or one registry.</summary>
    [JsonIgnore]
    public abstract string Stream { get; }

    [JsonIgnore]
    public abstract DateTimeOffset At { get; }

    [JsonIgnore]
    public abstract NoticeEvent Event { get; }

    [JsonIgnore]
    public abstract Severity Severity { get; }

    public sealed record Begun(StartedRollout Rollout) : Notice
    {
        public override string Id => $"{Rollout.Id}.started";

        public override string Stream => Rollout.Id;

        public override DateTimeOffset At => Rollout.StartedAt;

        public override NoticeEvent Event => NoticeEvent.Started;

        public override Severity Severity => Severity.Info;
    }

    /// <param name="Of">The rollout's own id; the record's differs where a stuck one was mended.</param>
    public sealed record Ended(RolloutRecord Record, string Of) : Notice
    {
        public override string Id => $"{Record.Id}.{Event}";

        public override string Stream => Of;

        public override DateTimeOffset At => Record.EndedAt;

        public override NoticeEvent Event => Record.Outcome switch
        {
            Outcome.Committed => NoticeEvent.Committed,
            Outcome.Reverted => NoticeEvent.Reverted,
            Outcome.Stuck => NoticeEvent.Stuck,
            Outcome.Refused => NoticeEvent.Refused,
            _ => NoticeEvent.Failed,
        };

        public override Severity Severity => Event switch
        {
            NoticeEvent.Committed => Severity.Info,
            NoticeEvent.Stuck => Severity.Critical,
            NoticeEvent.Reverted => Severity.Error,
            _ => Severity.Warning,
        };
    }

    /// <summary>Sent by a person to see that a channel works; it is never kept.</summary>
    public sealed record Test(string Id, DateTimeOffset At) : Notice
    {
        public override string Id { get; } = $"{Id}.test";

        public override string Stream => "test";

        public override DateTimeOffset At { get; } = At;

        public override NoticeEvent Event => NoticeEvent.Refused;

        public override Severity Severity => Severity.Info;
    }

    /// <summary>Nothing was learnt from this registry in a whole cycle.</summary>
    public sealed record RegistryDown(string Registry, Reason Reason, DateTimeOffset Since) : Notice
    {
        public override string Id => $"{Registry}.down.{Since.ToUnixTimeMilliseconds()}";

        public override string Stream => $"registry {Registry}";

        public override DateTimeOffset At => Since;

        public override NoticeEvent Event => NoticeEvent.Refused;

        public override Severity Severity => Severity.Warning;
    }

    public sealed record RegistryBack(string Registry, DateTimeOffset Since, DateTimeOffset Until) : Notice
    {
        public override string Id => $"{Registry}.back.{Since.ToUnixTimeMilliseconds()}";

        public override string Stream => $"registry {Registry}";

        public override DateTimeOffset At => Until;

        public override NoticeEvent Event => NoticeEvent.Refused;

        public override Severity Severity => Severity.Info;
    }
}

/// <summary>A rollout that has begun to touch things.</summary>
public sealed record StartedRollout
{
    public required string Id { get; init; }

    public required string Project { get; init; }

    public EntryKind? Kind { get; init; }

    public required Trigger Trigger { get; init; }

    public string? Actor { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required ImmutableArray<StepRecord> Steps { get; init; }

    public static StartedRollout Of(RolloutHeader header) => new()
    {
        Id = header.Id,
        Project = header.Project,
        Kind = header.Kind,
        Trigger = header.Trigger,
        Actor = header.Actor,
        StartedAt = header.StartedAt,
        Steps = [.. header.Steps.Select(step => Of(step, header.OriginsOf(step.Workload)))],
    };

    private static StepRecord Of(Step step, StepOrigins? origins) => new()
    {
        Service = step.Workload.Service,
        Action = step.Action,
        From = step.From,
        To = step.To,
        Image = step.Image,
        FromOrigin = origins?.From,
        ToOrigin = origins?.To,
        Outcome = Outcome.Untouched,
    };
}
