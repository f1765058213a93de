using System.Globalization;
using Omis.Agent.Engine.Tests.Kit;

namespace Omis.Agent.Bench;

/// <summary>Measures one thing on one engine and prints it.</summary>
/// <returns>Whether every target was met.</returns>
internal delegate Task<bool> Part(LabEngine engine, BenchOptions options);

/// <param name="Rounds">How often each timing is taken; medians are of these.</param>
/// <param name="Cycles">After how many of them the service's memory is read.</param>
/// <param name="Minutes">How long the installed service is left idle.</param>
internal sealed record BenchOptions(IReadOnlyList<Part> Parts, int Rounds, int Cycles, int Minutes, IReadOnlyList<string> Legs)
{
    public const string Usage = """
        usage: run [--rounds N] [--cycles N] [--minutes N] [--leg LEG]... [PART...]
        PART is downtime, revert, proof, push, idle, registry or memory, all of them where none is named; or service.
        LEG is one of the lab's; the oldest and the newest engine of the lab where none is named.
        """;

    private static readonly Dictionary<string, Part> Known = new()
    {
        ["downtime"] = Downtime.RunAsync,
        ["revert"] = Reverting.RunAsync,
        ["proof"] = Proving.RunAsync,
        ["push"] = Pushing.RunAsync,
        ["idle"] = Idling.RunAsync,
        ["registry"] = Asking.RunAsync,
        ["memory"] = Resident.RunAsync,
    };

    /// <summary>Those that take too long to be run unasked.</summary>
    private static readonly Dictionary<string, Part> OnDemand = new() { ["service"] = Standing.RunAsync };

    /// <returns>Null where the arguments cannot be understood.</returns>
    public static BenchOptions? Parse(string[] args)
    {
        var (parts, legs, rounds, cycles, minutes) = (new List<Part>(), new List<string>(), 5, 10, 10);
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            switch (args[i])
            {
                case "--rounds" when int.TryParse(value, CultureInfo.InvariantCulture, out rounds) && rounds > 0:
                    i++;
                    break;
                case "--cycles" when int.TryParse(value, CultureInfo.InvariantCulture, out cycles) && cycles > 0:
                    i++;
                    break;
                case "--minutes" when int.TryParse(value, CultureInfo.InvariantCulture, out minutes) && minutes > 0:
                    i++;
                    break;
                case "--leg" when Lab.Current.Engines.Any(engine => engine.Leg == value):
                    legs.Add(value);
                    i++;
                    break;
                case var name when Known.TryGetValue(name, out var part) || OnDemand.TryGetValue(name, out part):
                    parts.Add(part);
                    break;
                default:
                    return null;
            }
        }

        return new BenchOptions(parts.Count > 0 ? parts : [.. Known.Values], rounds, cycles, minutes, legs.Count > 0 ? legs : Ends());
    }

    private static IReadOnlyList<string> Ends()
    {
        var engines = Lab.Current.Engines.OrderBy(engine => Version.Parse(engine.Facts.Version)).Select(engine => engine.Leg).ToList();
        return [.. new[] { engines[0], engines[^1] }.Distinct()];
    }
}
