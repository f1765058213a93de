using System.Collections.Immutable;

namespace Omis.Agent.Core.Notifying;

/// <summary>What one channel is told, and when.</summary>
public sealed record ChannelRules
{
    public static readonly ImmutableArray<NoticeEvent> Usual =
        [NoticeEvent.Committed, NoticeEvent.Reverted, NoticeEvent.Stuck, NoticeEvent.Refused, NoticeEvent.Failed];

    public ImmutableArray<NoticeEvent> On { get; init; } = Usual;

    public Severity Minimum { get; init; } = Severity.Info;

    /// <summary>Null where it may be told at any hour.</summary>
    public QuietHours? Quiet { get; init; }

    public bool Wants(Notice notice) => On.Contains(notice.Event) && notice.Severity >= Minimum;
}

/// <summary>Each day from <see cref="From"/> until <see cref="To"/>, over midnight where that is earlier; what is less than <see cref="Except"/> waits for the end.</summary>
public sealed record QuietHours
{
    public TimeOnly From { get; init; } = new(22, 0);

    public TimeOnly To { get; init; } = new(7, 0);

    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    public Severity Except { get; init; } = Severity.Critical;

    public bool Hold(Severity severity, DateTimeOffset now) =>
        severity < Except && TimeOnly.FromTimeSpan(TimeZoneInfo.ConvertTime(now, Zone).TimeOfDay).IsBetween(From, To);
}

/// <summary>A channel as the outbox knows it: by its name alone, since its address is a secret.</summary>
public sealed record Channel(string Name, ChannelRules Rules);
