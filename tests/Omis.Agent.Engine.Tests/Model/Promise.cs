using System.Collections.Immutable;

namespace Omis.Agent.Engine.Tests.Model;

/// <summary>What the promise allows: from one world and what happens in it to all the worlds that may come of it. Pure.</summary>
internal static class Promise
{
    public static IEnumerable<World> After(World world, Act act) => act switch
    {
        Act.Push push => [push.Services.Aggregate(world, (now, service) => Released(now, service, service == push.Services[^1] ? push.Last : Kind.Good))],
        Act.PushBack back => [world.With(back.Service, part => part with { Latest = world.Nth(back.Service, back.Nth) })],
        Act.Cycle or Act.ClockJump => Cycle(world),
        Act.Kill => Killed(world),
        Act.EngineDeath => Cycle(world).Concat(Recovered(world).SelectMany(Shaken)),
        Act.EngineRestart => [world],
        Act.Rollback back => Recovered(world).SelectMany(now => RolledOut(Reach(now, isRollback: true), Ways(now, back.Service), isRollback: true)),
        Act.Pin pin => [Pinned(world, pin)],
        Act.Unpin unpin => [world.WithAll((service, part) => unpin.Service is null || unpin.Service == service ? part with { Pin = null } : part)],
        Act.ClearQuarantine => [world with { Quarantine = [] }],
        _ => world.Open is null ? [ByPerson(world, act)] : Loosened(world).Select(loose => ByPerson(loose, act)),
    };

    /// <summary>A person's own work on the stack with compose.</summary>
    public static bool IsByPerson(Act act) => act is Act.Up or Act.Pull or Act.Down or Act.Remove or Act.Stop;

    /// <summary>Compose fails half way over an image that cannot be run at all: nobody can say what a person would do then.</summary>
    public static bool Applies(World world, Act act) => act switch
    {
        Act.Up { Pulls: true } => world.Parts.Values.All(part => CanRun(world, part.Latest)),
        Act.Up => world.Parts.Values.All(part => CanRun(world, Local(part))) && (world.Open is null || world.Open.Moves.Values.All(move => CanRun(world, move.To))),

        // While a rollout is open there is no "what runs now", and no last one to go back from.
        Act.Pin => world.Open is null,
        _ => true,
    };

    /// <summary>What compose takes without a look at the registry, unless there is nothing here.</summary>
    private static int Local(Part part) => part.Tag is { } tag and not 0 ? tag : part.Latest;

    private static bool CanRun(World world, int version) => world.KindOf(version) is Kind.Good or Kind.ExitsAtOnce;

    private static World Released(World world, string service, Kind kind)
    {
        var version = world.Releases[^1].Version + 1;
        return (world with { Releases = world.Releases.Add(new Release(version, service, kind)) }).With(service, part => part with { Latest = version });
    }

    private static World ByPerson(World world, Act act) => act switch
    {
        Act.Up { Pulls: true } => world.WithAll((_, part) => part with { Stand = Stand.Up, Runs = part.Latest, Tag = part.Latest }),
        Act.Up => world.WithAll((_, part) => part with { Stand = Stand.Up, Runs = part.Tag is null ? part.Runs : Local(part) }),
        Act.Pull => world.WithAll((_, part) => part with { Tag = part.Latest }),
        Act.Down => world.WithAll((_, part) => part with { Stand = Stand.Absent }),
        Act.Remove remove => world.With(remove.Service, part => part with { Stand = Stand.Absent }),
        Act.Stop stop => world.With(stop.Service, part => part.IsUp ? part with { Stand = Stand.Stopped } : part),
        _ => throw new ArgumentOutOfRangeException(nameof(act)),
    };

    private static World Pinned(World world, Act.Pin pin)
    {
        var part = world.Parts[pin.Service];
        var version = pin.Nth is { } nth ? world.Nth(pin.Service, nth) : part.Runs;
        return part.Stand == Stand.Absent || (pin.Nth is null && !part.IsUp) ? world
            : world.With(pin.Service, _ => part with { Pin = new Hold(version, part.IsUp && part.Runs == version) });
    }

    private static IEnumerable<World> Cycle(World world) => Recovered(world).SelectMany(now => RolledOut(Reach(now, isRollback: false), Wanted(now), isRollback: false));

    /// <summary>The engine went away in the middle: whatever was begun may have been taken back, at nobody's expense.</summary>
    private static IEnumerable<World> Shaken(World world)
    {
        var moves = Wanted(world);
        var now = Reach(world, isRollback: false);
        return moves.IsEmpty || IsHeld(world, moves) ? [] : [Back(now, moves).Tells("reverted"), Back(now, moves).Tells("failed")];
    }

    /// <summary>A pass that died somewhere: before it began anything, in the middle, or when all was done.</summary>
    private static IEnumerable<World> Killed(World world) =>
    [
        world,
        .. Recovered(world).SelectMany(now => (IEnumerable<World>)[now, .. Begun(Reach(now, isRollback: false)), .. RolledOut(Reach(now, isRollback: false), Wanted(now), isRollback: false)]),
    ];

    private static IEnumerable<World> Begun(World world)
    {
        var moves = Wanted(world);
        return moves.IsEmpty || IsHeld(world, moves) ? [] : [world with { Open = new Open(moves, IsRollback: false) }];
    }

    private static World Reach(World world, bool isRollback) =>
        isRollback ? world : world.WithAll((_, part) => part.Pin is { Reached: false } pin && part.IsUp && part.Runs == pin.Version ? part with { Pin = pin with { Reached = true } } : part);

    /// <summary>What an update would move: what runs and is not where its tag, or its pin, points. A pin to what failed here holds nobody but itself.</summary>
    private static ImmutableSortedDictionary<string, Move> Wanted(World world) => Moves(world, part =>
        part.Pin is null ? part.Latest : part.Pin.Reached || world.Quarantine.Contains(part.Pin.Version) ? part.Runs : part.Pin.Version);

    private static ImmutableSortedDictionary<string, Move> Moves(World world, Func<Part, int> to) => world.Parts
        .Where(part => part.Value.IsUp && to(part.Value) != part.Value.Runs)
        .ToImmutableSortedDictionary(part => part.Key, part => new Move(part.Value.Runs, to(part.Value)));

    /// <summary>What ran before the last committed rollout, or before the last one of the service.</summary>
    private static ImmutableSortedDictionary<string, Move> Ways(World world, string? service)
    {
        var last = world.Done.LastOrDefault(moves => service is null || moves.ContainsKey(service));
        return last is null ? ImmutableSortedDictionary<string, Move>.Empty : world.Parts
            .Where(part => (service is null || part.Key == service) && part.Value.IsUp && last.TryGetValue(part.Key, out var move) && move.From != part.Value.Runs)
            .ToImmutableSortedDictionary(part => part.Key, part => new Move(part.Value.Runs, last[part.Key].From));
    }

    private static bool IsHeld(World world, ImmutableSortedDictionary<string, Move> moves) => moves.Values.Any(move => world.Quarantine.Contains(move.To));

    private static IEnumerable<World> RolledOut(World world, ImmutableSortedDictionary<string, Move> moves, bool isRollback)
    {
        if (moves.IsEmpty || (!isRollback && IsHeld(world, moves)))
        {
            return [world];
        }

        var bad = moves.Values.Where(move => world.KindOf(move.To) != Kind.Good).Select(move => move.To).ToArray();
        return bad.Length == 0
            ? [Committed(world, moves, isRollback)]
            : bad.Select(version => Back(world, moves).Tells("reverted") is var back ? back with { Quarantine = back.Quarantine.Add(version) } : back);
    }

    private static World Committed(World world, ImmutableSortedDictionary<string, Move> moves, bool isRollback)
    {
        var moved = world.WithAll((service, part) => moves.TryGetValue(service, out var move) ? Arrived(part, move.To, isRollback) : part);
        return (moved with { Done = world.Done.Add(moves) }).Tells("committed");
    }

    private static Part Arrived(Part part, int at, bool isRollback)
    {
        var pin = isRollback ? new Hold(at, Reached: true) : part.Pin;
        return part with { Runs = at, Tag = at, Pin = pin?.Version == at ? pin with { Reached = true } : pin };
    }

    /// <summary>All runs what it ran. A local tag that a person had moved ahead may have been put back, so that no `up` brings the bad image in.</summary>
    private static World Back(World world, ImmutableSortedDictionary<string, Move> moves) =>
        world.WithAll((service, part) => moves.TryGetValue(service, out var move) ? part with { Runs = move.From, Tag = part.Tag == move.From ? move.From : null } : part);

    /// <summary>The next start ends what is open in one of the two good states.</summary>
    private static IEnumerable<World> Recovered(World world)
    {
        if (world.Open is not { } open)
        {
            return [world];
        }

        var closed = world with { Open = null };
        var bad = open.Moves.Values.Where(move => world.KindOf(move.To) != Kind.Good).Select(move => move.To).ToArray();
        if (open.Touched)
        {
            return Loosened(closed with { Open = open }).Select(loose => loose with { Open = null })
                .SelectMany(loose => (IEnumerable<World>)[.. Endings(loose), loose with { Told = loose.Told.Add("committed"), Done = loose.Done.Add(open.Moves) }]);
        }

        var back = Back(closed, open.Moves);
        IEnumerable<World> blamed = bad.Select(version => back.Tells("reverted") with { Quarantine = back.Quarantine.Add(version) });
        return [.. Endings(back), .. blamed, .. bad.Length == 0 ? [Committed(closed, open.Moves, open.IsRollback)] : (World[])[]];
    }

    private static IEnumerable<World> Endings(World world) => [world.Tells("reverted"), world.Tells("failed")];

    /// <summary>A person came between: each service for itself may end as it was or as it was to be.</summary>
    private static IEnumerable<World> Loosened(World world)
    {
        IEnumerable<World> worlds = [world with { Open = world.Open! with { Touched = true } }];
        foreach (var (service, move) in world.Open!.Moves)
        {
            worlds = worlds.SelectMany(now => now.Parts[service] is { Stand: Stand.Absent }
                ? [now]
                : from version in new[] { move.From, move.To, now.Parts[service].Runs }.Distinct()
                  from stand in now.Parts[service].Stand == Stand.Stopped ? new[] { Stand.Stopped, Stand.Up } : [Stand.Up]
                  select now.With(service, part => part with { Runs = version, Stand = stand, Tag = null }));
        }

        return worlds;
    }
}
