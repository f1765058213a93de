using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Omis.Agent.Core.Naming;

/// <summary>Durations as compose files write them: <c>90s</c>, <c>1m30s</c>, <c>2h</c>, <c>500ms</c>. Source: compose spec, "Specifying durations".</summary>
public static partial class Durations
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>One year: longer than any wait here, and far inside what a timer takes.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    public static TimeSpan? TryParse(string? text)
    {
        if (text is null or { Length: 0 or > 64 })
        {
            return null;
        }

        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        if (Grammar().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var ticks = match.Groups["part"].Captures.Sum(part => Ticks(part.ValueSpan));
        return ticks <= Longest.Ticks ? TimeSpan.FromTicks((long)ticks) : null;
    }

    /// <summary>The shortest text that <see cref="TryParse"/> reads back, to the microsecond: <c>1m30s</c>.</summary>
    public static string Text(TimeSpan duration)
    {
        var text = new StringBuilder();
        Append(text, (long)duration.TotalHours, "h");
        Append(text, duration.Minutes, "m");
        Append(text, duration.Seconds, "s");
        Append(text, duration.Milliseconds, "ms");
        Append(text, duration.Microseconds, "us");
        return text.Length == 0 ? "0s" : text.ToString();
    }

    private static void Append(StringBuilder text, long count, string unit)
    {
        if (count != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
        }
    }

    /// <summary>Rounded part by part: in doubles, 1.001 s is a tick short of itself.</summary>
    private static double Ticks(ReadOnlySpan<char> part)
    {
        var digits = part.IndexOfAnyExcept(Digits);
        var count = double.Parse(part[..digits], CultureInfo.InvariantCulture);
        return Math.Round(count * part[digits..] switch
        {
            "us" => TimeSpan.TicksPerMicrosecond,
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            _ => TimeSpan.TicksPerDay,
        });
    }

    [GeneratedRegex(@"^(?<part>[0-9]{1,9}(?:\.[0-9]{1,6})?(?:us|ms|s|m|h|d))+\z")]
    private static partial Regex Grammar();
}
