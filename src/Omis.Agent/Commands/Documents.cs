using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Omis.Agent.Configuration;
using Omis.Agent.Core.Gating;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;
using Omis.Agent.Examining;
using Omis.Agent.Hosting;
using Omis.Agent.Importing;
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

/// <param name="Healthy">False where anything failed.</param>
internal sealed record DiagnosisDocument(bool Healthy, ImmutableArray<Finding> Findings);

/// <param name="Config">What to save.</param>
/// <param name="Secrets">The files that it names, and where their contents stand now.</param>
internal sealed record ImportDocument(JsonObject Config, ImmutableArray<ImportNote> Notes, ImmutableArray<SecretItem> Secrets);

internal sealed record SecretItem(string File, string From);

internal sealed record PinnedDocument(PinItem Pinned);

internal sealed record UnpinnedDocument(ImmutableArray<PinItem> Unpinned);

internal sealed record PinItem(string Project, string Service, Digest Digest, string? Actor, string? Reason, DateTimeOffset Since)
{
    public static PinItem Of(Pin pin) => new(pin.Workload.Project, pin.Workload.Service, pin.Digest, pin.Actor, pin.Reason, pin.Since);
}

/// <param name="Possible">True where every image is here and can run.</param>
internal sealed record RollbackOutlook(string Project, bool Possible, string Detail, ImmutableArray<ServiceOutlook> Services);

/// <param name="From">What runs; null where it came from no registry.</param>
/// <param name="LastSwapMs">How long the service was down in its last swap; null where none is known.</param>
internal sealed record ServiceOutlook(
    string Service,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Digest? From,
    Digest To,
    string Image,
    bool Kept,
    bool Possible,
    string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? LastSwapMs);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcJson), typeof(CamelCaseJson<StepAction>), typeof(CamelCaseJson<FindingState>), typeof(CamelCaseJson<Fate>)])]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(ConfigErrorsDocument))]
[JsonSerializable(typeof(ValidationDocument))]
[JsonSerializable(typeof(HistoryDocument))]
[JsonSerializable(typeof(QuarantineDocument))]
[JsonSerializable(typeof(ClearedDocument))]
[JsonSerializable(typeof(PausedDocument))]
[JsonSerializable(typeof(ResumedDocument))]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(PinnedDocument))]
[JsonSerializable(typeof(UnpinnedDocument))]
[JsonSerializable(typeof(RollbackOutlook))]
[JsonSerializable(typeof(DiagnosisDocument))]
[JsonSerializable(typeof(ImportDocument))]
internal sealed partial class Documents : JsonSerializerContext;
