using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Omis.Agent.Control;

/// <param name="Images">What the payload names and will be looked at.</param>
/// <param name="Ignored">Why a payload that could be read names nothing.</param>
internal sealed record HeardDocument(ImmutableArray<string> Images, string? Ignored);

/// <summary>Source: Azure Event Grid, "Endpoint validation with Event Grid event schema".</summary>
internal sealed record HandshakeDocument(string ValidationResponse);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(HeardDocument))]
[JsonSerializable(typeof(HandshakeDocument))]
internal sealed partial class ControlJson : JsonSerializerContext;
