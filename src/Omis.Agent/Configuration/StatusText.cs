using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Probing;

namespace Omis.Agent.Configuration;

/// <summary>HTTP statuses: <c>200</c>, <c>200,204</c>, <c>200-299</c>.</summary>
internal static partial class StatusText
{
    public static readonly TextShape<ImmutableArray<StatusRange>> Shape = new("HTTP statuses such as 200, '200,204' or '200-299'", Parse, Show)
    {
        Pattern = "[1-5][0-9]{2}(?:-[1-5][0-9]{2})?(?:, ?[1-5][0-9]{2}(?:-[1-5][0-9]{2})?)*",
        AlsoNumber = true,
    };

    private static Parsed<ImmutableArray<StatusRange>>? Parse(string text, ConfigFolder folder)
    {
        StatusRange[] ranges = [.. Grammar().Match(text).Groups["range"].Captures.Select(range => Range(range.Value))];
        return ranges.Length > 0 && ranges.All(range => range.From <= range.To) ? new([.. ranges]) : null;
    }

    private static StatusRange Range(string text)
    {
        var ends = text.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToArray();
        return new StatusRange(ends[0], ends[^1]);
    }

    private static string Show(ImmutableArray<StatusRange> ranges) =>
        string.Join(",", ranges.Select(range => range.From == range.To ? $"{range.From}" : $"{range.From}-{range.To}"));

    [GeneratedRegex("^(?<range>[1-5][0-9]{2}(?:-[1-5][0-9]{2})?)(?:, ?(?<range>[1-5][0-9]{2}(?:-[1-5][0-9]{2})?))*\\z")]
    private static partial Regex Grammar();
}
