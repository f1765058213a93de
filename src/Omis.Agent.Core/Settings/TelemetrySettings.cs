namespace Omis.Agent.Core.Settings;

/// <summary>Where metrics and traces are sent besides <c>/metrics</c>.</summary>
public sealed record TelemetrySettings(OtlpSettings? Otlp = null);

/// <param name="Endpoint">The collector's base address; <c>/v1/metrics</c> and <c>/v1/traces</c> follow where it is not gRPC.</param>
public sealed record OtlpSettings(Uri Endpoint)
{
    public bool Grpc { get; init; }

    /// <summary><c>name=value,…</c>; may hold a token.</summary>
    public string? Headers { get; init; }

    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Never shows the headers.</summary>
    public override string ToString() => $"OtlpSettings {{ Endpoint = {Endpoint}, Grpc = {Grpc}, Every = {Every} }}";
}
