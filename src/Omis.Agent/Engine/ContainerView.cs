using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Observing;

namespace Omis.Agent.Engine;

/// <summary>The parts of a container's inspect that decisions are made from. Source: Engine API, ContainerInspectResponse.</summary>
internal sealed class ContainerView(JsonObject inspect)
{
    public JsonObject Inspect { get; } = inspect;

    public string Id => Inspect["Id"].Text()!;

    public string Name => Inspect["Name"].Text()!.TrimStart('/');

    public string ImageId => Inspect["Image"].Text()!;

    public string ImageText => Inspect["Config"]?["Image"].Text() ?? "";

    public ImmutableDictionary<string, string> Labels =>
        Inspect["Config"]?["Labels"].Members().Where(label => label.Value.Text() is not null).ToImmutableDictionary(label => label.Key, label => label.Value.Text()!)
        ?? ImmutableDictionary<string, string>.Empty;

    public RunState State => Enum.TryParse<RunState>(Inspect["State"]?["Status"].Text(), ignoreCase: true, out var state) ? state : RunState.Dead;

    public bool Runs => State is RunState.Running or RunState.Restarting;

    public int ExitCode => (int)(Inspect["State"]?["ExitCode"].Number() ?? 0);

    public bool OutOfMemory => Inspect["State"]?["OOMKilled"].IsTrue() ?? false;

    /// <summary>When it last started and ended, by the engine's clock; null where it did not.</summary>
    public (DateTimeOffset Started, DateTimeOffset Ended)? LastRun =>
        Moment("StartedAt") is { } started && Moment("FinishedAt") is { } ended && started <= ended ? (started, ended) : null;

    public DateTimeOffset? Created => DateTimeOffset.TryParse(Inspect["Created"].Text(), CultureInfo.InvariantCulture, out var created) ? created : null;

    public string StartError => Redact(Inspect["State"]?["Error"].Text() ?? "");

    public long RestartCount => Inspect["RestartCount"].Number() ?? 0;

    public bool Tty => Inspect["Config"]?["Tty"].IsTrue() ?? false;

    public bool AutoRemove => Inspect["HostConfig"]?["AutoRemove"].IsTrue() ?? false;

    /// <summary>Ten seconds is the engine's own grace period where the container names none.</summary>
    public TimeSpan Grace => TimeSpan.FromSeconds(Math.Clamp(Inspect["Config"]?["StopTimeout"].Number() ?? 10, 0, 86400));

    public RestartPolicy RestartPolicy =>
        new(Inspect["HostConfig"]?["RestartPolicy"]?["Name"].Text() is { Length: > 0 } name ? name : "no", (int)(Inspect["HostConfig"]?["RestartPolicy"]?["MaximumRetryCount"].Number() ?? 0));

    /// <summary><c>starting</c>, <c>healthy</c> or <c>unhealthy</c>; null where there is no HEALTHCHECK.</summary>
    public string? Health => Inspect["State"]?["Health"]?["Status"].Text() is { } status and not ("" or "none") ? status : null;

    public string LastHealthOutput =>
        Inspect["State"]?["Health"]?["Log"].Items().LastOrDefault() is { } last
            ? string.Create(CultureInfo.InvariantCulture, $"exit code {last["ExitCode"].Number()}: {Redact(last["Output"].Text()?.Trim() ?? "")}")
            : "";

    /// <summary>How long the HEALTHCHECK may take to say healthy for the first time.</summary>
    /// <param name="patience">A check that hangs counts no longer than this: its own timeout may be hours.</param>
    public TimeSpan StartAllowance(TimeSpan patience)
    {
        var check = Inspect["Config"]?["Healthcheck"];
        var timeout = Nanoseconds(check?["Timeout"], 30);
        return Health is null ? TimeSpan.Zero : Nanoseconds(check?["StartPeriod"], 0) + Nanoseconds(check?["Interval"], 30) + (timeout < patience ? timeout : patience);
    }

    /// <summary>What the container says of itself may repeat the secrets that it was given.</summary>
    public string Redact(string text) => Redaction.Apply(text, Redaction.SecretsOf(Inspect["Config"]?["Env"].Texts() ?? []));

    /// <summary>The first address on any network.</summary>
    public string? Address =>
        Inspect["NetworkSettings"]?["Networks"].Members().Select(network => network.Value?["IPAddress"].Text()).FirstOrDefault(address => address is { Length: > 0 });

    /// <summary>Published host ports by <c>PORT/PROTOCOL</c>.</summary>
    public ImmutableDictionary<string, int> Ports =>
        Inspect["NetworkSettings"]?["Ports"].Members()
            .Select(port => (port.Key, Host: port.Value.Items().Select(binding => binding?["HostPort"].Text()).FirstOrDefault(text => text is { Length: > 0 })))
            .Where(port => port.Host is not null)
            .ToImmutableDictionary(port => port.Key, port => int.Parse(port.Host!, CultureInfo.InvariantCulture))
        ?? ImmutableDictionary<string, int>.Empty;

    /// <summary>The engine writes the year 1 for what never happened.</summary>
    private DateTimeOffset? Moment(string name) =>
        DateTimeOffset.TryParse(Inspect["State"]?[name].Text(), CultureInfo.InvariantCulture, out var moment) && moment > DateTimeOffset.UnixEpoch ? moment : null;

    private static TimeSpan Nanoseconds(JsonNode? node, int otherwiseSeconds) =>
        node.Number() is > 0 and var nanoseconds ? TimeSpan.FromTicks(nanoseconds / 100) : TimeSpan.FromSeconds(otherwiseSeconds);
}
