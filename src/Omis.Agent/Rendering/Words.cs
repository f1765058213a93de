using System.Globalization;
using System.Text.Json;

namespace Omis.Agent.Rendering;

/// <summary>Numbers, times and names as a person reads them.</summary>
internal static class Words
{
    /// <summary>As the JSON writes it: <c>upToDate</c>.</summary>
    public static string Camel<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>Decimal units, as Docker shows them: <c>12.3 MB</c>.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1_000 => Text($"{bytes} B"),
        < 1_000_000 => Text($"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => Text($"{bytes / 1e6:0.0} MB"),
        _ => Text($"{bytes / 1e9:0.00} GB"),
    };

    /// <summary><c>640 ms</c>, <c>3.2 s</c>, <c>1m30s</c>, <c>2h05m</c>.</summary>
    public static string Span(TimeSpan span) => span.TotalMilliseconds switch
    {
        < 1_000 => Text($"{span.TotalMilliseconds:0} ms"),
        < 60_000 => Text($"{span.TotalSeconds:0.0} s"),
        < 3_600_000 => Text($"{(int)span.TotalMinutes}m{span.Seconds:00}s"),
        _ => Text($"{(int)span.TotalHours}h{span.Minutes:00}m"),
    };

    public static string Milliseconds(long? ms) => ms is { } some ? Span(TimeSpan.FromMilliseconds(some)) : "-";

    /// <summary>On the reader's own clock.</summary>
    public static string Time(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Count(int count, string one, string many) => Text($"{count} {(count == 1 ? one : many)}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
