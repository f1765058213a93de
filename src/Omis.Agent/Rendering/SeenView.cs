using Omis.Agent.Core.Rollout;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Omis.Agent.Rendering;

/// <summary>What runs beside what the registries have.</summary>
internal static class SeenView
{
    private static readonly string[] Headings = ["PROJECT", "SERVICE", "REPLICAS", "RUNNING", "LATEST", "STATE", "IMAGE"];

    public static IRenderable Of(CycleReport report) => report.Seen switch
    {
        null => new Rows(),
        [] => Look.Line("no containers on this engine"),
        var seen => Look.Table(Headings, seen.Value.Select(Row)),
    };

    private static IRenderable[] Row(SeenWorkload seen) =>
    [
        Look.Cell(seen.Project), Look.Cell(seen.Service), Look.Cell($"{seen.Replicas}"), Look.Cell(seen.Running), Look.Cell(seen.Latest),
        Look.Cell(Words.Camel(seen.State), StyleOf(seen.State)), Look.Cell(seen.Image),
    ];

    private static Style? StyleOf(SeenState state) => state switch
    {
        SeenState.UpToDate => Look.Good,
        SeenState.UpdateAvailable => Look.Warn,
        SeenState.Unknown => Look.Bad,
        _ => Look.Faint,
    };
}
