using System.Diagnostics;
using System.Diagnostics.Metrics;
using Omis.Agent.Core.Settings;
using Omis.Agent.Hosting;
using Omis.Agent.Registries;

namespace Omis.Agent.Telemetry;

/// <summary>All that one service measures: at <c>/metrics</c> always, over OTLP where it is configured.</summary>
internal sealed class Observatory : IDisposable
{
    public const string Source = "Omis.Agent";

    private readonly ActivitySource source = new(Source);
    private readonly Meter meter = new(AgentMeter.Name);
    private readonly Tally tally;
    private readonly OtlpExport? export;

    public Observatory(TelemetrySettings settings, IReadOnlyDictionary<string, string> environment, Func<StatusReport> status, TimeProvider time)
    {
        // Whoever listens comes first, or would miss the noughts that counters begin with.
        tally = new Tally(meter, RegistryMeter.Meter);
        export = OtlpExport.TryStart(settings, environment);
        Meter = new AgentMeter(meter);
        Trace = new RolloutTrace(source);
        _ = new StateGauges(meter, Meter, status, time);
    }

    public AgentMeter Meter { get; }

    public RolloutTrace Trace { get; }

    public IReadOnlyCollection<string> Names => tally.Names;

    public string Text() => tally.Text();

    /// <summary>The engine's samples and the registries' answers, counted and traced.</summary>
    public Outside Watched(Outside outside) => new(
        (settings, credentials, logging, time) => outside.Engine(settings, credentials, logging, time) is var parts ? parts with { Sampler = new CountingSampler(parts.Sampler, Meter) } : null!,
        (settings, credentials, logging, time) => new TracedRegistry(outside.Registry(settings, credentials, logging, time), source));

    public void Dispose()
    {
        export?.Dispose();
        tally.Dispose();
        meter.Dispose();
        source.Dispose();
    }
}
