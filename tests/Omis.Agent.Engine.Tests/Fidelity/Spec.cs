using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Fidelity;

/// <summary>Where a spec's container is to live: what its traits may refer to.</summary>
/// <param name="Prefix">Of everything that the trial makes.</param>
/// <param name="Subnet">First three numbers of the network <c>PREFIX-one</c>; <c>PREFIX-two</c> has none to speak of.</param>
/// <param name="Number">Of the container, for what has to be unique.</param>
internal sealed record Place(string Prefix, string Subnet, int Number, Version Api, string Folder)
{
    public string One => Prefix + "-one";

    public string Two => Prefix + "-two";

    /// <summary>A container that runs and is not updated.</summary>
    public string Friend => Prefix + "-friend";
}

/// <summary>One thing that a container can be configured with.</summary>
/// <param name="Fields">As the schema of the create request has them; <c>A/*</c> for all below A.</param>
/// <param name="Since">The API version that knows it.</param>
internal sealed record Trait(string Name, string Fields, Action<JsonObject, Place, Random> Apply, string Since = "1.24")
{
    /// <summary>Traits of one kind exclude each other.</summary>
    public string Kind { get; init; } = "";
}

/// <summary>A container as some of the traits make it. The same seed gives the same.</summary>
internal sealed record Spec(int Seed, ImmutableArray<Trait> Traits)
{
    /// <param name="share">How many of the traits it gets, of one.</param>
    public static Spec Of(int seed, Version api, double share)
    {
        var dice = new Random(seed);
        var chosen = Fidelity.Traits.All.Where(trait => Version.Parse(trait.Since) <= api).OrderBy(_ => dice.Next()).Where(_ => dice.NextDouble() < share).ToList();
        if (dice.Next(5) > 0 && !chosen.Exists(trait => trait.Kind == "health"))
        {
            // The image's own check takes its time with every container: a few of them are enough.
            chosen.Add(Fidelity.Traits.All.First(trait => trait.Kind == "health"));
        }

        return new Spec(seed, [.. chosen.Where((trait, i) => trait.Kind.Length == 0 || chosen.FindIndex(other => other.Kind == trait.Kind) == i)]);
    }

    public JsonObject Body(string image, Place place)
    {
        var body = new JsonObject { ["Image"] = image, ["HostConfig"] = new JsonObject() };
        for (var i = 0; i < Traits.Length; i++)
        {
            Traits[i].Apply(body, place, new Random(unchecked((Seed * 397) ^ Traits[i].Name.Sum(letter => letter))));
        }

        return body;
    }

    public override string ToString() => $"seed {Seed}: {string.Join(", ", Traits.Select(trait => trait.Name))}";
}
