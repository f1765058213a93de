using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Observing;

public enum UpdateMode
{
    Auto, Notify, Never,
}

/// <summary>
/// What a container's own labels say about its updates; null where they are silent.
/// Watchtower's labels count where no <c>omis.agent.*</c> label says otherwise.
/// </summary>
public sealed partial record WorkloadLabels
{
    public const string Prefix = "omis.agent.";
    public const string WatchtowerPrefix = "com.centurylinklabs.watchtower";
    public const string Rollout = Prefix + "rollout";
    public const string Role = Prefix + "role";

    /// <summary>Which agent process made the container.</summary>
    public const string Maker = Prefix + "maker";

    /// <summary>The compose configs and secrets that were copied into the container.</summary>
    public const string Files = Prefix + "files";

    /// <summary>What a rollout writes on the containers it makes: of one container only, never carried over.</summary>
    public static readonly ImmutableArray<string> OfRollout = [Rollout, Role, Maker, Files];

    public static readonly WorkloadLabels None = new();

    private static readonly ImmutableHashSet<string> Known =
    [
        Prefix + "update", Prefix + "probe.http", Prefix + "probe.tcp", Prefix + "healthy.stable-for",
        Prefix + "healthy.deadline", Prefix + "depends-on", .. OfRollout,
    ];

    public UpdateMode? Update { get; init; }

    /// <summary>True where a label asks that the workload be looked after.</summary>
    public bool OptsIn { get; init; }

    public string? ProbeHttp { get; init; }

    public string? ProbeTcp { get; init; }

    public TimeSpan? StableFor { get; init; }

    public TimeSpan? Deadline { get; init; }

    /// <summary>Services of the same project, or container names.</summary>
    public ImmutableArray<string> DependsOn { get; init; } = [];

    /// <summary>Watchtower's stop signal; the container's own is used where this is null.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Watchtower's <c>no-pull</c>: only the local tag counts, the registry is not asked.</summary>
    public bool NoPull { get; init; }

    /// <summary>Each names the label, what was found and what would be right.</summary>
    public ImmutableArray<string> Errors { get; init; } = [];

    public static WorkloadLabels Parse(IReadOnlyDictionary<string, string> labels)
    {
        var errors = ImmutableArray.CreateBuilder<string>();
        var unknown = labels.Keys.Where(key => key.StartsWith(Prefix, StringComparison.Ordinal) && !Known.Contains(key));
        errors.AddRange(unknown.Order(StringComparer.Ordinal).Select(key => $"label {key}: unknown; known are {string.Join(", ", Known.Order(StringComparer.Ordinal))}"));

        return new WorkloadLabels
        {
            Update = Mode(labels, errors) ?? WatchtowerMode(labels),
            OptsIn = labels.ContainsKey(Prefix + "update") || IsTrue(labels, WatchtowerPrefix + ".enable"),
            ProbeHttp = Checked(labels, Prefix + "probe.http", "a URL such as http://127.0.0.1:8080/health", IsHttp, errors),
            ProbeTcp = Checked(labels, Prefix + "probe.tcp", "HOST:PORT such as 127.0.0.1:8080", address => address.Contains(':', StringComparison.Ordinal) && IsHttp("http://" + address), errors),
            StableFor = Duration(labels, Prefix + "healthy.stable-for", errors),
            Deadline = Duration(labels, Prefix + "healthy.deadline", errors),
            DependsOn = Names(labels.GetValueOrDefault(Prefix + "depends-on") ?? labels.GetValueOrDefault(WatchtowerPrefix + ".depends-on")),
            StopSignal = labels.GetValueOrDefault(WatchtowerPrefix + ".stop-signal"),
            NoPull = IsTrue(labels, WatchtowerPrefix + ".no-pull"),
            Errors = errors.ToImmutable(),
        };
    }

    /// <summary>The labels that <see cref="Parse"/> reads, and no others: safe to keep in the state.</summary>
    public static ImmutableSortedDictionary<string, string> Ours(IEnumerable<KeyValuePair<string, string>> labels) =>
        labels.Where(label => Known.Contains(label.Key) || label.Key.StartsWith(WatchtowerPrefix, StringComparison.Ordinal))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static UpdateMode? Mode(IReadOnlyDictionary<string, string> labels, ImmutableArray<string>.Builder errors)
    {
        switch (labels.GetValueOrDefault(Prefix + "update"))
        {
            case null: return null;
            case "auto" or "true": return UpdateMode.Auto;
            case "notify": return UpdateMode.Notify;
            case "never" or "false": return UpdateMode.Never;
            case var other:
                errors.Add($"label {Prefix}update: '{other}' is not one of auto, notify, never");
                return null;
        }
    }

    private static UpdateMode? WatchtowerMode(IReadOnlyDictionary<string, string> labels) =>
        labels.TryGetValue(WatchtowerPrefix + ".enable", out var enable) && bool.TryParse(enable, out var enabled) && !enabled ? UpdateMode.Never
        : IsTrue(labels, WatchtowerPrefix + ".monitor-only") ? UpdateMode.Notify
        : null;

    private static bool IsTrue(IReadOnlyDictionary<string, string> labels, string key) =>
        labels.TryGetValue(key, out var text) && bool.TryParse(text, out var value) && value;

    private static TimeSpan? Duration(IReadOnlyDictionary<string, string> labels, string key, ImmutableArray<string>.Builder errors)
    {
        var text = labels.GetValueOrDefault(key);
        if (text is not null && Durations.TryParse(text) is null)
        {
            errors.Add($"label {key}: '{text}' is not a duration such as 90s or 1m30s");
        }

        return Durations.TryParse(text);
    }

    private static string? Checked(IReadOnlyDictionary<string, string> labels, string key, string right, Func<string, bool> isRight, ImmutableArray<string>.Builder errors)
    {
        var text = labels.GetValueOrDefault(key);
        if (text is not null && !isRight(text))
        {
            errors.Add($"label {key}: '{text}' is not {right}");
        }

        return text;
    }

    /// <summary>With the placeholders filled in by anything, it must be an address.</summary>
    private static bool IsHttp(string text) =>
        Uri.TryCreate(Placeholder().Replace(text, "1"), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0;

    [GeneratedRegex(@"\{ip\}|\{port:[0-9]{1,5}(/[a-z]+)?\}")]
    private static partial Regex Placeholder();

    private static ImmutableArray<string> Names(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
