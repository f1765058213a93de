using System.Diagnostics.Metrics;
using Omis.Agent.Telemetry;

namespace Omis.Agent.Tests.Telemetry;

/// <summary>Measurements as Prometheus reads them.</summary>
public sealed class TallyTests : IDisposable
{
    private readonly Meter meter = new("test");
    private readonly Tally tally;

    public TallyTests() => tally = new Tally(meter);

    public void Dispose()
    {
        tally.Dispose();
        meter.Dispose();
    }

    [Fact]
    public void A_counter_adds_up_for_each_set_of_labels()
    {
        var counter = meter.CreateCounter<long>("omis_agent.pulled", "By", "Bytes.\nTwo lines.");
        counter.Add(0, new KeyValuePair<string, object?>("project", "shop"));
        counter.Add(2, new KeyValuePair<string, object?>("project", "a\"b\\c\nd"));
        counter.Add(3, new KeyValuePair<string, object?>("project", "a\"b\\c\nd"));

        Assert.Equal(
            """
            # HELP omis_agent_pulled_bytes_total Bytes.\nTwo lines.
            # TYPE omis_agent_pulled_bytes_total counter
            omis_agent_pulled_bytes_total{project="a\"b\\c\nd"} 5
            omis_agent_pulled_bytes_total{project="shop"} 0

            """, tally.Text());
    }

    [Fact]
    public void A_histogram_has_its_buckets_its_sum_and_its_count()
    {
        var histogram = meter.CreateHistogram("omis_agent.downtime", "s", "Down.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1] });
        foreach (var value in (double[])[0.5, 0.75, 8])
        {
            histogram.Record(value, new KeyValuePair<string, object?>("project", "shop"));
        }

        Assert.Equal(
            """
            # HELP omis_agent_downtime_seconds Down.
            # TYPE omis_agent_downtime_seconds histogram
            omis_agent_downtime_seconds_bucket{project="shop",le="0.5"} 1
            omis_agent_downtime_seconds_bucket{project="shop",le="1"} 2
            omis_agent_downtime_seconds_bucket{project="shop",le="+Inf"} 3
            omis_agent_downtime_seconds_sum{project="shop"} 9.25
            omis_agent_downtime_seconds_count{project="shop"} 3

            """, tally.Text());
    }

    [Fact]
    public void A_gauge_shows_what_there_is_at_the_moment_and_nothing_that_has_gone()
    {
        List<Measurement<double>> there = [new(2, new KeyValuePair<string, object?>("channel", "slack")), new(1, new KeyValuePair<string, object?>("channel", "teams"))];
        meter.CreateObservableGauge("omis_agent.notices.waiting", () => there, "{notice}", "Waiting.");
        Assert.Contains("omis_agent_notices_waiting{channel=\"teams\"} 1\n", tally.Text(), StringComparison.Ordinal);

        there = [new(3, new KeyValuePair<string, object?>("channel", "slack"))];
        var text = tally.Text();
        Assert.EndsWith("# TYPE omis_agent_notices_waiting gauge\nomis_agent_notices_waiting{channel=\"slack\"} 3\n", text, StringComparison.Ordinal);

        there = [];
        Assert.Equal("", tally.Text());
    }

    [Fact]
    public void Others_meters_are_not_shown_and_labels_without_bound_have_one()
    {
        using var other = new Meter("test");
        other.CreateCounter<long>("omis_agent.other").Add(1);
        var counter = meter.CreateCounter<long>("omis_agent.many");
        for (var i = 0; i < 5000; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("number", i));
        }

        Assert.Equal(2000, tally.Text().Split('\n').Count(line => line.StartsWith("omis_agent_", StringComparison.Ordinal)));
    }
}
