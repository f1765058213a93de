using System.Globalization;

namespace Omis.Agent.Engine.Tests.Model;

/// <summary>
/// Random scripts of pushes, kills, deaths of the engine, people at work, clocks that jump, rollbacks and pins, each on a
/// machine of its own, and after each cycle the promise. OMIS_MODEL says how many (6 where it does not), OMIS_SEED where to
/// begin; a failure tells its seed, all that happened and a shorter script that still fails, and
/// `OMIS_MODEL=1 OMIS_SEED=n` plays it again. OMIS_FIGURES is told of each as soon as it has ended.
/// </summary>
public sealed class ModelTests
{
    private const int Lanes = 4;

    private static readonly TimeSpan ShrinkFor = TimeSpan.FromMinutes(3);

    private static readonly int Count = Number("OMIS_MODEL", 6);

    private static readonly int Seed = Number("OMIS_SEED", Random.Shared.Next(1, 1_000_000));

    [Fact]
    public async Task Whatever_happens_all_changed_services_run_the_new_or_all_the_old()
    {
        var failed = new List<(Script Script, string Told)>();
        await Parallel.ForEachAsync(Enumerable.Range(Seed, Count), new ParallelOptions { MaxDegreeOfParallelism = Lanes }, async (seed, _) =>
        {
            var script = Script.Of(seed);
            var fault = await Performance.OfAsync(script);
            await Figures.AddAsync($"model: {script.Acts.Length} acts, {(fault is null ? "kept" : "BROKEN")}, {(fault is null ? $"{script}" : fault)}");
            if (fault is not null)
            {
                lock (failed)
                {
                    failed.Add((script, fault));
                }
            }
        });

        if (failed.Count > 0)
        {
            Assert.Fail($"{failed.Count} of {Count} from seed {Seed}:\n{string.Join("\n\n", failed.Take(3).Select(one => one.Told))}\n\n{await ShortestAsync(failed[0].Script)}");
        }
    }

    /// <summary>Leaves out one act after the other for as long as what is left still fails.</summary>
    private static async Task<string> ShortestAsync(Script script)
    {
        var until = TimeProvider.System.GetTimestamp();
        var told = "";
        for (var at = script.Acts.Length - 2; at >= 0 && TimeProvider.System.GetElapsedTime(until) < ShrinkFor; at--)
        {
            var shorter = script with { Acts = script.Acts.RemoveAt(at) };
            if (await Performance.OfAsync(shorter) is { } fault)
            {
                (script, told) = (shorter, fault);
            }
        }

        return $"the shortest that still fails of those tried: {script}\n{told}";
    }

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
