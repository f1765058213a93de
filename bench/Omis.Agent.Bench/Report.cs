using System.Globalization;

namespace Omis.Agent.Bench;

/// <summary>Lines that can be read and compared; times in milliseconds.</summary>
internal static class Report
{
    public static void Title(string text) => Console.WriteLine($"\n=== {text}");

    public static void Section(string text) => Console.WriteLine($"\n{text}");

    public static void Line(FormattableString text) => Console.WriteLine("  " + FormattableString.Invariant(text));

    /// <summary>A median, all that it is the median of, and how it stands to the floor's.</summary>
    public static void Timing(string name, IReadOnlyList<double> times, IReadOnlyList<double> floor)
    {
        var ratio = times == floor ? "" : string.Create(CultureInfo.InvariantCulture, $"  {Median(times) / Median(floor):0.00} x floor");
        Line($"{name,-24} {Median(times),6:0} ms{ratio,-16}  ({string.Join(' ', times.Select(time => time.ToString("0", CultureInfo.InvariantCulture)))})");
    }

    /// <returns>Whether it was met.</returns>
    public static bool Target(bool met, FormattableString text)
    {
        Line($"{(met ? "met " : "MISS")} {FormattableString.Invariant(text)}");
        return met;
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
