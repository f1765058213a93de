using System.Collections.Immutable;

namespace Omis.Agent.Engine.Tests.Model;

internal enum Stand
{
    Up,
    Stopped,
    Absent,
}

/// <summary>One service as the model has it.</summary>
/// <param name="Runs">The version of its container; without meaning where it is absent.</param>
/// <param name="Latest">What the registry's tag names.</param>
/// <param name="Tag">What the local tag names, 0 for nothing; null where the model cannot tell and takes what it sees.</param>
internal sealed record Part(Stand Stand, int Runs, int Latest, int? Tag)
{
    public Hold? Pin { get; init; }

    public bool IsUp => Stand == Stand.Up;
}

/// <param name="Reached">Once it was there, a pin only holds.</param>
internal sealed record Hold(int Version, bool Reached);

/// <summary>From one version to another.</summary>
internal readonly record struct Move(int From, int To);

/// <summary>A rollout that nobody has ended yet.</summary>
/// <param name="Touched">A person has changed something since, who goes before.</param>
internal sealed record Open(ImmutableSortedDictionary<string, Move> Moves, bool IsRollback, bool Touched = false);

/// <summary>All that the promise speaks of, as it may be on a machine. Versions count up over all services.</summary>
internal sealed record World
{
    public required ImmutableSortedDictionary<string, Part> Parts { get; init; }

    /// <summary>What was ever pushed, oldest first.</summary>
    public required ImmutableArray<Release> Releases { get; init; }

    public ImmutableSortedSet<int> Quarantine { get; init; } = [];

    /// <summary>The committed rollouts, newest last.</summary>
    public ImmutableArray<ImmutableSortedDictionary<string, Move>> Done { get; init; } = [];

    /// <summary>The outcomes that history tells since it was last read, oldest first.</summary>
    public ImmutableArray<string> Told { get; init; } = [];

    public Open? Open { get; init; }

    public Kind KindOf(int version) => Releases.First(release => release.Version == version).Kind;

    /// <summary>The nth version of the service, going round.</summary>
    public int Nth(string service, int nth)
    {
        var own = Releases.Where(release => release.Service == service).ToArray();
        return own[nth % own.Length].Version;
    }

    public World With(string service, Func<Part, Part> change) => this with { Parts = Parts.SetItem(service, change(Parts[service])) };

    public World WithAll(Func<string, Part, Part> change) =>
        this with { Parts = Parts.ToImmutableSortedDictionary(part => part.Key, part => change(part.Key, part.Value)) };

    public World Tells(string outcome) => this with { Told = Told.Add(outcome) };

    /// <summary>All of it: two worlds with the same text are the same.</summary>
    public override string ToString() =>
        string.Join(' ', Parts.Select(part => $"{part.Key}={part.Value.Stand switch { Stand.Up => "", Stand.Stopped => "stopped:", _ => "absent:" }}{part.Value.Runs}(latest {part.Value.Latest}, tag {part.Value.Tag}{(part.Value.Pin is { } pin ? $", pin {pin.Version}{(pin.Reached ? "!" : "")}" : "")})"))
        + $" quarantine [{string.Join(',', Quarantine)}] told [{string.Join(',', Told)}]{(Open is null ? "" : $" open{(Open.Touched ? " touched" : "")} {string.Join(',', Open.Moves.Select(Text))}")}"
        + $" done [{string.Join(" | ", Done.Select(moves => string.Join(',', moves.Select(Text))))}]";

    private static string Text(KeyValuePair<string, Move> move) => $"{move.Key} {move.Value.From}>{move.Value.To}";
}

internal sealed record Release(int Version, string Service, Kind Kind);
