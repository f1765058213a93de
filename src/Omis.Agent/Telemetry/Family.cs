using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Omis.Agent.Telemetry;

/// <summary>One instrument's series. Names as OpenTelemetry translates them. Source: OpenTelemetry, "Prometheus and OpenMetrics compatibility".</summary>
internal sealed class Family
{
    /// <summary>More would be a label that is not bounded; what comes beyond is not counted.</summary>
    private const int MostSeries = 2000;

    private readonly Dictionary<string, Series> series = [];
    private readonly string help;
    private readonly string kind;
    private readonly double[] bounds;

    public Family(Instrument instrument)
    {
        var adds = instrument is Counter<long> or Counter<double>;
        bounds = instrument is Histogram<double> histogram ? [.. histogram.Advice?.HistogramBucketBoundaries ?? []] : [];
        kind = adds ? "counter" : instrument is Histogram<double> ? "histogram" : "gauge";
        help = instrument.Description ?? "";
        IsObserved = instrument.IsObservable;
        Name = instrument.Name.Replace('.', '_') + Suffix(instrument.Unit) + (adds ? "_total" : "");
    }

    public string Name { get; }

    /// <summary>What is asked for at each look, so that what is no longer there goes.</summary>
    public bool IsObserved { get; }

    public void Clear() => series.Clear();

    public void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Labels(tags);
        if (!series.TryGetValue(labels, out var one))
        {
            if (series.Count >= MostSeries)
            {
                return;
            }

            series[labels] = one = new Series(bounds.Length);
        }

        one.Count++;
        one.Sum = kind == "gauge" ? value : one.Sum + value;
        if (Array.FindIndex(bounds, bound => value <= bound) is >= 0 and var bucket)
        {
            one.Buckets[bucket]++;
        }
    }

    public void Write(TextWriter text)
    {
        if (series.Count == 0)
        {
            return;
        }

        text.WriteLine($"# HELP {Name} {help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}");
        text.WriteLine($"# TYPE {Name} {kind}");
        foreach (var (labels, one) in series.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (kind == "histogram")
            {
                WriteHistogram(text, labels, one);
            }
            else
            {
                text.WriteLine($"{Name}{Braced(labels)} {Number(one.Sum)}");
            }
        }
    }

    private void WriteHistogram(TextWriter text, string labels, Series one)
    {
        var under = 0L;
        var comma = labels.Length > 0 ? "," : "";
        for (var i = 0; i < bounds.Length; i++)
        {
            under += one.Buckets[i];
            text.WriteLine($"{Name}_bucket{{{labels}{comma}le=\"{Number(bounds[i])}\"}} {under}");
        }

        text.WriteLine($"{Name}_bucket{{{labels}{comma}le=\"+Inf\"}} {one.Count}");
        text.WriteLine($"{Name}_sum{Braced(labels)} {Number(one.Sum)}");
        text.WriteLine($"{Name}_count{Braced(labels)} {one.Count}");
    }

    private static string Suffix(string? unit) => unit switch
    {
        "s" => "_seconds",
        "By" => "_bytes",
        _ => "",
    };

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            text.Append(text.Length > 0 ? "," : "").Append(name).Append("=\"");
            foreach (var character in Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")
            {
                _ = character switch
                {
                    '\\' => text.Append("\\\\"),
                    '"' => text.Append("\\\""),
                    '\n' => text.Append("\\n"),
                    _ => text.Append(character),
                };
            }

            text.Append('"');
        }

        return text.ToString();
    }

    private static string Braced(string labels) => labels.Length > 0 ? $"{{{labels}}}" : "";

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed class Series(int buckets)
    {
        public long[] Buckets { get; } = new long[buckets];

        public long Count { get; set; }

        public double Sum { get; set; }
    }
}
