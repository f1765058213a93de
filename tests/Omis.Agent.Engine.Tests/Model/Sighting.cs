using System.Collections.Immutable;

namespace Omis.Agent.Engine.Tests.Model;

/// <summary>One service as it is on the engine.</summary>
/// <param name="Tag">The version that the local tag names, 0 for none.</param>
internal sealed record Seen(Stand Stand, int Runs, int Tag);

/// <summary>What can be seen of a machine when a cycle has ended.</summary>
/// <param name="Told">The outcomes that history has more than before, oldest first.</param>
internal sealed record Sighting(ImmutableSortedDictionary<string, Seen> Parts, ImmutableSortedSet<int> Quarantine, ImmutableArray<string> Told)
{
    public bool Fits(World world) =>
        world.Open is null && Quarantine.SetEquals(world.Quarantine) && Told.SequenceEqual(world.Told)
        && Parts.All(part => Fits(part.Value, world.Parts[part.Key]));

    /// <summary>The world that was seen, and nothing told of it yet.</summary>
    public World Settle(World world) => world.WithAll((service, part) => part with { Tag = Parts[service].Tag }) with { Told = [] };

    public override string ToString() =>
        string.Join(' ', Parts.Select(part => $"{part.Key}={part.Value.Stand} {part.Value.Runs}(tag {part.Value.Tag})"))
        + $" quarantine [{string.Join(',', Quarantine)}] told [{string.Join(',', Told)}]";

    private static bool Fits(Seen seen, Part part) =>
        seen.Stand == part.Stand && (seen.Stand == Stand.Absent || seen.Runs == part.Runs) && (part.Tag is null || part.Tag == seen.Tag);
}
