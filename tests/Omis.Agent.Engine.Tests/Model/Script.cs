using System.Collections.Immutable;

namespace Omis.Agent.Engine.Tests.Model;

/// <summary>What happens to one machine, told by a seed.</summary>
/// <param name="OwnsEngine">Whether the engine itself is stopped and killed too, which takes one of its own.</param>
internal sealed record Script(int Seed, bool OwnsEngine, ImmutableArray<Act> Acts)
{
    public static readonly ImmutableArray<string> Services = ["api", "store", "web"];

    public static Script Of(int seed)
    {
        var random = new Random(seed);
        var owns = seed % 8 == 0;
        var acts = ImmutableArray.CreateBuilder<Act>();
        var count = random.Next(8, 13);

        // What nothing was ever pushed to has little to tell.
        acts.Add(Push(random, Kind.Good));
        while (acts.Count < count - 1)
        {
            var act = Next(random, owns);
            acts.Add(act);
            if (act is not Act.Cycle && random.Next(4) > 0)
            {
                acts.Add(new Act.Cycle());
            }
        }

        acts.Add(new Act.Cycle());
        return new Script(seed, owns, acts.ToImmutable());
    }

    public override string ToString() => $"seed {Seed}{(OwnsEngine ? ", own engine" : "")}: {string.Join("; ", Acts)}";

    private static Act Next(Random random, bool owns) => random.Next(owns ? 36 : 31) switch
    {
        < 8 => Push(random, Kind.Good),
        < 12 => Push(random, random.GetItems([Kind.ExitsAtOnce, Kind.NoCommand, Kind.MissingEntrypoint], 1)[0]),
        12 => new Act.PushBack(One(random), random.Next(8)),
        < 18 => new Act.Kill(random.Next(1, 28), random.GetItems(Enum.GetValues<Kills.Moment>(), 1)[0]),
        18 => new Act.ClockJump(random.GetItems([-1, -48, 24 * 40], 1)[0], random.Next(1, 20)),
        19 => new Act.Up(Pulls: false),
        20 => new Act.Up(Pulls: true),
        21 => new Act.Pull(),
        22 => new Act.Down(),
        23 => new Act.Remove(One(random)),
        24 => new Act.Stop(One(random)),
        25 or 26 => new Act.Rollback(random.Next(2) == 0 ? null : One(random)),
        27 => new Act.Pin(One(random), null),
        28 => new Act.Pin(One(random), random.Next(8)),
        29 => new Act.Unpin(random.Next(2) == 0 ? null : One(random)),
        30 => new Act.ClearQuarantine(),
        < 34 => new Act.EngineDeath(random.Next(1, 24)),
        _ => new Act.EngineRestart(),
    };

    private static Act.Push Push(Random random, Kind last)
    {
        var services = Services.ToArray();
        random.Shuffle(services);
        return new Act.Push([.. services.Take(random.Next(1, 4))], last);
    }

    private static string One(Random random) => Services[random.Next(Services.Length)];
}
