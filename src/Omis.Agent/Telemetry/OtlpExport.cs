using System.Reflection;
using Omis.Agent.Core.Settings;
using Omis.Agent.Registries;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Omis.Agent.Telemetry;

/// <summary>Sends metrics and traces to a collector. Nothing of the library is touched where none is configured.</summary>
internal sealed class OtlpExport : IDisposable
{
    private const string Variable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private readonly MeterProvider meters;
    private readonly TracerProvider traces;

    private OtlpExport(OtlpSettings? otlp)
    {
        var resource = ResourceBuilder.CreateDefault()
            .AddService("omis-agent", serviceVersion: typeof(OtlpExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion, serviceInstanceId: Environment.MachineName)
            .AddEnvironmentVariableDetector();
        meters = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(AgentMeter.Name, RegistryMeter.Meter.Name)
            .AddOtlpExporter((exporter, reader) =>
            {
                Configure(exporter, otlp, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)(otlp?.Every ?? TimeSpan.FromMinutes(1)).TotalMilliseconds;
            })
            .Build();
        traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(Observatory.Source)
            .AddOtlpExporter(exporter => Configure(exporter, otlp, "v1/traces"))
            .Build();
    }

    /// <summary>The config comes before OpenTelemetry's own environment variables, which the library reads itself.</summary>
    /// <returns>Null where neither names a collector.</returns>
    public static OtlpExport? TryStart(TelemetrySettings settings, IReadOnlyDictionary<string, string> environment) =>
        settings.Otlp is { } otlp ? new OtlpExport(otlp)
        : environment.GetValueOrDefault(Variable) is { Length: > 0 } ? new OtlpExport(null)
        : null;

    /// <summary>What is left is sent, for as long as a stop has time.</summary>
    public void Dispose()
    {
        traces.ForceFlush(2000);
        traces.Dispose();
        meters.ForceFlush(2000);
        meters.Dispose();
    }

    /// <summary>An address in code is taken whole, as it stands; one of a variable is a base. The config's is a base too.</summary>
    private static void Configure(OtlpExporterOptions exporter, OtlpSettings? otlp, string path)
    {
        if (otlp is null)
        {
            return;
        }

        exporter.Protocol = otlp.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = otlp.Grpc ? otlp.Endpoint : new Uri(otlp.Endpoint.OriginalString.TrimEnd('/') + "/" + path);
        exporter.Headers = otlp.Headers ?? exporter.Headers;
    }
}
