using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Omis.Agent.Configuration;
using Omis.Agent.Core.Gating;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;
using Omis.Agent.Hosting;
using Omis.Agent.Json;

namespace Omis.Agent.Commands;

// What the verbs print with --json, besides the cycle.

internal sealed record ErrorDocument(ErrorDetail Error);

internal sealed record ErrorDetail(string Code, string Detail);

internal sealed record ConfigErrorsDocument(ImmutableArray<ConfigError> Errors);

internal sealed record ValidationDocument(bool Valid, ImmutableArray<ConfigError> Errors, ImmutableArray<ConfigWarning> Warnings);

internal sealed record HistoryDocument(ImmutableArray<RolloutRecord> Entries);

internal sealed record QuarantineDocument(ImmutableArray<QuarantineItem> Entries);

internal sealed record ClearedDocument(ImmutableArray<QuarantineItem> Cleared);

internal sealed record QuarantineItem(Digest Digest, string Image, string Project, string Service, Reason Reason, string Rollout, DateTimeOffset At)
{
    public static ImmutableArray<QuarantineItem> Of(ImmutableArray<QuarantinedDigest> entries) =>
        [.. entries.Select(entry => new QuarantineItem(entry.Digest, entry.Image, entry.Workload.Project, entry.Workload.Service, entry.Reason, entry.Rollout, entry.At))];
}

internal sealed record PausedDocument(Pause Paused);

internal sealed record ResumedDocument(ImmutableArray<Pause> Resumed);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcJson), typeof(CamelCaseJson<StepAction>)])]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(ConfigErrorsDocument))]
[JsonSerializable(typeof(ValidationDocument))]
[JsonSerializable(typeof(HistoryDocument))]
[JsonSerializable(typeof(QuarantineDocument))]
[JsonSerializable(typeof(ClearedDocument))]
[JsonSerializable(typeof(PausedDocument))]
[JsonSerializable(typeof(ResumedDocument))]
[JsonSerializable(typeof(StatusReport))]
internal sealed partial class Documents : JsonSerializerContext;
