using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Omis.Agent.Rendering;

/// <summary>What happened, newest first.</summary>
internal static class HistoryView
{
    private const int Brief = 80;

    private static readonly string[] Headings = ["TIME", "ID", "PROJECT", "OUTCOME", "TOOK", "BY", "REASON"];

    public static IRenderable Table(ImmutableArray<RolloutRecord> records, TimeZoneInfo zone) =>
        records.IsEmpty ? Look.Line("nothing has happened yet") : Look.Table(Headings, records.Select(record => Row(record, zone)));

    /// <summary>All that is known of one entry; a stuck rollout that was mended has two.</summary>
    public static IRenderable Detail(ImmutableArray<RolloutRecord> records, TimeZoneInfo zone) => new Rows(records.SelectMany(record => (IRenderable[])
    [
        Look.Line($"rollout {record.Id}", Look.Strong),
        Look.Line($"from {Words.Time(record.StartedAt, zone)} to {Words.Time(record.EndedAt, zone)}, by {By(record)}"),
        .. record.Comment is { } comment ? [Look.Line($"reason given: {comment}")] : Array.Empty<IRenderable>(),
        RolloutView.Of(record),
    ]));

    private static IRenderable[] Row(RolloutRecord record, TimeZoneInfo zone) =>
    [
        Look.Cell(Words.Time(record.StartedAt, zone)), Look.Cell(record.Id), Look.Cell(record.Project), IsPin(record) ? Look.Cell(Words.Camel(record.Kind!.Value)) : Look.Outcome(record.Outcome),
        Look.Cell(record.Outcome == Outcome.Refused || IsPin(record) ? null : Words.Span(record.EndedAt - record.StartedAt)), Look.Cell(By(record)), Look.Cell(Reason(record)),
    ];

    private static string By(RolloutRecord record) =>
        record.Actor is { } actor ? $"{Words.Camel(record.Trigger)} ({actor})" : Words.Camel(record.Trigger);

    private static bool IsPin(RolloutRecord record) => record.Kind is EntryKind.Pin or EntryKind.Unpin;

    private static string? What(RolloutRecord record) => record.Kind switch
    {
        null => record.Comment,
        EntryKind.Rollback => "rollback" + (record.Comment is { } why ? $": {why}" : ""),
        _ => $"{record.Steps[0].Service} at {record.Steps[0].To?.Brief}" + (record.Comment is { } why ? $": {why}" : ""),
    };

    private static string? Reason(RolloutRecord record) =>
        record.Reason is not { } reason ? What(record)
        : $"{reason.Code.Text()}: {reason.Detail}" is { Length: > Brief } text ? text[..(Brief - 1)] + "…"
        : $"{reason.Code.Text()}: {reason.Detail}";
}
