using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Configuration;

/// <summary>Where metrics and traces go.</summary>
internal static class TelemetryShape
{
    private static readonly ObjectShape<OtlpSettings> Otlp = new ObjectShape<OtlpSettings>("an object", new(new Uri("http://127.0.0.1:4318")))
        .Has("endpoint", new TextShape<Uri>("an http or https URL", (text, _) => Addresses.IsUrl(text) ? new(new Uri(text)) : null, uri => uri.OriginalString),
            "The collector's base address, such as http://127.0.0.1:4318.",
            otlp => otlp.Endpoint, (otlp, value) => otlp with { Endpoint = value })
        .Has("protocol", Texts.OneOf(("httpProtobuf", false), ("grpc", true)),
            "How it is spoken to.",
            otlp => otlp.Grpc, (otlp, value) => otlp with { Grpc = value })
        .Has("headers", Texts.Secret,
            "Headers of each request, as NAME=VALUE,NAME=VALUE.",
            otlp => otlp.Headers, (otlp, value) => otlp with { Headers = value })
        .Has("every", Texts.DurationOf(TimeSpan.FromSeconds(1)),
            "How often metrics are sent.",
            otlp => otlp.Every, (otlp, value) => otlp with { Every = value })
        .With(Rule.Needs("endpoint"));

    public static readonly ObjectShape<TelemetrySettings> Telemetry = new ObjectShape<TelemetrySettings>("an object", new())
        .Has("otlp", Otlp,
            "An OpenTelemetry collector that is sent metrics and traces. A change counts after a restart.",
            telemetry => telemetry.Otlp, (telemetry, value) => telemetry with { Otlp = value });
}
