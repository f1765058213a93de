using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Json;

namespace Omis.Agent.Control.Api;

// What the events of a live rollout look like on the wire, in both directions; an ended one is the history's own object.

internal sealed record BeganDocument(string Rollout, string Project, EntryKind? Kind, Trigger Trigger, string? Actor, string? Comment, DateTimeOffset StartedAt, ImmutableArray<BeganStep> Steps);

internal sealed record BeganStep(string Service, StepAction Action, string Image, Digest? From, Digest? To);

/// <param name="Total">Bytes as far as they are known.</param>
internal sealed record PullingDocument(string Project, string Service, string Image, long Current, long Total);

internal sealed record MovedDocument(string Project, string Service, RolloutPhase Phase, string Detail);

/// <param name="Code">The command line's exit code.</param>
internal sealed record ExitDocument(int Code);

internal sealed record VersionDocument(string Version)
{
    public static readonly VersionDocument OfThis = new(typeof(VersionDocument).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");
}

/// <summary>One event as text.</summary>
internal sealed record LiveEvent(string Name, string Data)
{
    public static LiveEvent Of(RolloutEvent happening) => happening switch
    {
        RolloutEvent.Began { Header: var header } => new("began", JsonSerializer.Serialize(Began(header), LiveJson.Default.BeganDocument)),
        RolloutEvent.Pulling { Progress: var progress } => new("pulling", JsonSerializer.Serialize(new PullingDocument(progress.Workload.Project, progress.Workload.Service, progress.Image, progress.Current, progress.Total), LiveJson.Default.PullingDocument)),
        RolloutEvent.Moved moved => new("moved", JsonSerializer.Serialize(new MovedDocument(moved.Workload.Project, moved.Workload.Service, moved.Phase, moved.Detail), LiveJson.Default.MovedDocument)),
        RolloutEvent.Ended ended => new("ended", JsonSerializer.Serialize(ended.Record, AgentJson.Default.RolloutRecord)),
        _ => throw new InvalidOperationException("a closed set"),
    };

    /// <returns>Null where the event is none that could be shown; a newer service may have others.</returns>
    /// <exception cref="JsonException">It is not what it says it is.</exception>
    public RolloutEvent? Happening() => Name switch
    {
        "began" => new RolloutEvent.Began(Header(Read(LiveJson.Default.BeganDocument))),
        "pulling" => Read(LiveJson.Default.PullingDocument) is var pulling
            ? new RolloutEvent.Pulling(new PullProgress(new WorkloadId(pulling.Project, pulling.Service), pulling.Image, pulling.Current, pulling.Total))
            : null,
        "moved" => Read(LiveJson.Default.MovedDocument) is var moved
            ? new RolloutEvent.Moved(new WorkloadId(moved.Project, moved.Service), moved.Phase, moved.Detail)
            : null,
        "ended" => new RolloutEvent.Ended(Read(AgentJson.Default.RolloutRecord)),
        _ => null,
    };

    public T Read<T>(System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => JsonSerializer.Deserialize(Data, type) ?? throw new JsonException($"the event '{Name}' is empty");

    private static BeganDocument Began(RolloutHeader header) => new(
        header.Id, header.Project, header.Kind, header.Trigger, header.Actor, header.Comment, header.StartedAt,
        [.. header.Steps.Select(step => new BeganStep(step.Workload.Service, step.Action, step.Image, step.From, step.To))]);

    /// <summary>As much of it as a watcher needs.</summary>
    private static RolloutHeader Header(BeganDocument began) => new()
    {
        Id = began.Rollout,
        Project = began.Project,
        Kind = began.Kind,
        Trigger = began.Trigger,
        Actor = began.Actor,
        Comment = began.Comment,
        StartedAt = began.StartedAt,
        Steps = [.. began.Steps.Select(step => new Step { Workload = new WorkloadId(began.Project, step.Service), Action = step.Action, Image = step.Image, From = step.From, To = step.To, Replicas = [], Cause = "" })],
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcJson), typeof(CamelCaseJson<StepAction>), typeof(CamelCaseJson<RolloutPhase>)])]
[JsonSerializable(typeof(BeganDocument))]
[JsonSerializable(typeof(PullingDocument))]
[JsonSerializable(typeof(MovedDocument))]
[JsonSerializable(typeof(ExitDocument))]
[JsonSerializable(typeof(VersionDocument))]
internal sealed partial class LiveJson : JsonSerializerContext;
