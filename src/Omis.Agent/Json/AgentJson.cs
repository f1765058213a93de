using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Omis.Agent.Core.Gating;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Json;

/// <summary>
/// The one JSON of the agent: what the state database keeps and what <c>--json</c>, notices and the control API show.
/// camelCase; nulls are left out except where the contract shows them; times are RFC 3339 UTC.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcJson), typeof(CamelCaseJson<StepAction>)])]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(RolloutRecord))]
[JsonSerializable(typeof(ImmutableArray<RolloutRecord>))]
[JsonSerializable(typeof(QuarantinedDigest))]
[JsonSerializable(typeof(ImmutableArray<QuarantinedDigest>))]
[JsonSerializable(typeof(Pin))]
[JsonSerializable(typeof(Pause))]
[JsonSerializable(typeof(ImmutableArray<Pause>))]
[JsonSerializable(typeof(Skip))]
[JsonSerializable(typeof(Notice))]
[JsonSerializable(typeof(StartedRollout))]
[JsonSerializable(typeof(CycleReport))]
[JsonSerializable(typeof(ServiceSign))]
[JsonSerializable(typeof(LastCycle))]
public sealed partial class AgentJson : JsonSerializerContext;

/// <summary>RFC 3339 in UTC, ending in <c>Z</c>, to the precision that the time has.</summary>
public sealed class UtcJson : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime);
}
