using System.Diagnostics.Metrics;

namespace Omis.Agent.Telemetry;

/// <summary>Adds up what the meters measure, from its making on, and shows it as Prometheus reads it.</summary>
internal sealed class Tally : IDisposable
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, Family> families = new(StringComparer.Ordinal);
    private readonly MeterListener listener = new();

    public Tally(params IReadOnlyCollection<Meter> meters)
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (meters.Contains(instrument.Meter))
            {
                listening.EnableMeasurementEvents(instrument, FamilyOf(instrument));
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Add(family, value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Add(family, value, tags));
        listener.Start();
    }

    /// <summary>Of all families, also those that have no series yet.</summary>
    public IReadOnlyCollection<string> Names => families.Keys;

    /// <summary>Source: Prometheus, "Exposition formats", text format 0.0.4.</summary>
    public string Text()
    {
        lock (gate)
        {
            foreach (var family in families.Values.Where(family => family.IsObserved))
            {
                family.Clear();
            }

            listener.RecordObservableInstruments();
            using var text = new StringWriter { NewLine = "\n" };
            foreach (var family in families.Values)
            {
                family.Write(text);
            }

            return text.ToString();
        }
    }

    public void Dispose() => listener.Dispose();

    private Family FamilyOf(Instrument instrument)
    {
        lock (gate)
        {
            var family = new Family(instrument);
            return families.TryAdd(family.Name, family) ? family : families[family.Name];
        }
    }

    private void Add(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (gate)
        {
            ((Family)family!).Add(value, tags);
        }
    }
}
