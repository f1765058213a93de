using System.Globalization;

namespace Omis.Agent.Engine.Tests.Fidelity;

/// <summary>
/// Containers of any configuration, made by raw API, updated by the agent, and compared field by field with what the
/// engine makes of the same request on the new image. OMIS_SPECS says how many on each engine (40 where it does not),
/// OMIS_SEED where to begin; a failure names the seed and the smallest set of traits that fails alone.
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
            await using var trial = await SpecTrial.StartAsync(Lab.Current.Engine(leg), api);
            var found = await trial.RunAsync(chunk);
            tried += found.Count;
            foreach (var (spec, differences) in found.Where(one => one.Value.Count > 0).Take(1))
            {
                Assert.Fail($"{leg}, {spec}\n{string.Join('\n', differences)}\n{await SmallestAsync(leg, api, spec)}");
            }
        }

        Assert.True(tried * 2 > Count, $"of {Count} specs the engine took only {tried}");
        await Figures.AddAsync($"specs on {leg}: {tried} of {Count} taken by the engine, 0 differences, from seed {Seed}");
    }

    /// <summary>Each trait of the spec alone: one of them is to blame more often than not.</summary>
    private static async Task<string> SmallestAsync(string leg, Version api, Spec spec)
    {
        await using var trial = await SpecTrial.StartAsync(Lab.Current.Engine(leg), api);
        var alone = await trial.RunAsync([.. spec.Traits.Select(trait => spec with { Traits = [trait] })]);
        return "alone: " + string.Join("; ", alone.Where(one => one.Value.Count > 0).Select(one => one.Key.ToString()).DefaultIfEmpty("none of its traits fails"));
    }

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
