using System.Globalization;

namespace Omis.Agent.Engine.Tests.Fidelity;

/// <summary>
/// Containers of any configuration, made by raw API, updated by the agent, and compared field by field with what the
/// engine makes of the same request on the new image. OMIS_SPECS says how many on each engine (40 where it does not),
/// OMIS_SEED where to begin; a failure names the seed and the smallest set of traits that still fails.
/// </summary>
public sealed class SpecTests
{
    private static readonly int Count = Number("OMIS_SPECS", 40);

    private static readonly int Seed = Number("OMIS_SEED", Random.Shared.Next(1, 1_000_000));

    [Theory, EachLeg(All = true)]
    public async Task Any_container_comes_out_as_if_it_had_been_made_on_the_new_image(string leg)
    {
        var api = new Version(1, Math.Min(51, Version.Parse(Lab.Current.Engine(leg).Facts.ApiVersion).Minor));
        var specs = Enumerable.Range(Seed, Count).Select(seed => Spec.Of(seed, api, new Random(seed).NextDouble() * 0.5)).ToArray();
        var tried = 0;
        foreach (var chunk in specs.Chunk(10))
        {
            var found = await TryAsync(leg, api, chunk);
            tried += found.Count;
            foreach (var (spec, differences) in found.Where(one => one.Value.Count > 0).Take(1))
            {
                Assert.Fail($"{leg}, {spec}\n{string.Join('\n', differences)}\n{await SmallestAsync(leg, api, spec)}");
            }
        }

        Assert.True(tried * 2 > Count, $"of {Count} specs the engine took only {tried}");
        await Figures.AddAsync($"specs on {leg}: {tried} of {Count} taken by the engine, 0 differences, from seed {Seed}");
    }

    /// <summary>Who lost a port to another test tries again; a container that always collides has itself to blame.</summary>
    private static async Task<Dictionary<Spec, IReadOnlyList<string>>> TryAsync(string leg, Version api, Spec[] specs)
    {
        var found = new Dictionary<Spec, IReadOnlyList<string>>();
        for (var round = 0; specs.Length > 0; round++)
        {
            await using var trial = await SpecTrial.StartAsync(Lab.Current.Engine(leg), api);
            var differences = await trial.RunAsync(specs);
            specs = [.. differences.Where(one => one.Value is null).Select(one => one.Key)];
            Assert.True(round < 3 || specs.Length == 0, $"{leg}, again and again a port was taken: {string.Join('\n', specs)}");
            foreach (var (spec, lines) in differences.Where(one => one.Value is not null))
            {
                found[spec] = lines!;
            }
        }

        return found;
    }

    /// <summary>Shrinks: drops one trait after the other for as long as what is left still fails.</summary>
    private static async Task<string> SmallestAsync(string leg, Version api, Spec spec)
    {
        while (await SmallerAsync(leg, api, spec) is { } smaller)
        {
            spec = smaller;
        }

        return $"smallest that fails: {spec}";
    }

    private static async Task<Spec?> SmallerAsync(string leg, Version api, Spec spec)
    {
        foreach (var chunk in spec.Traits.Select(trait => spec with { Traits = spec.Traits.Remove(trait) }).Chunk(10))
        {
            var found = await TryAsync(leg, api, chunk);
            if (found.FirstOrDefault(one => one.Value.Count > 0) is { Key: { } smaller })
            {
                return smaller;
            }
        }

        return null;
    }

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
