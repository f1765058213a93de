using System.Collections.Immutable;
using Omis.Agent.Examining;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Omis.Agent.Rendering;

/// <summary>One line for each finding, with its remedy.</summary>
internal static class DoctorView
{
    private static readonly string[] Headings = ["STATE", "WHAT", "FOUND"];

    public static IRenderable Of(ImmutableArray<Finding> findings)
    {
        var failed = findings.Count(finding => finding.State == FindingState.Failed);
        var warned = findings.Count(finding => finding.State == FindingState.Warning);
        return new Rows(
        [
            Look.Table(Headings, findings.Select(finding => (IRenderable[])
            [
                Look.Cell(Words.Camel(finding.State), StyleOf(finding.State)), Look.Cell(finding.Check), Look.Cell($"{finding.Subject}: {finding.Detail}{(finding.Remedy is { } remedy ? $" → {remedy}" : "")}"),
            ])),
            Look.Line(""),
            failed > 0 ? Look.Line($"{Words.Count(failed, "thing", "things")} failed", Look.Bad)
                : warned > 0 ? Look.Line($"works, with {Words.Count(warned, "warning", "warnings")}", Look.Warn)
                : Look.Line("all is well", Look.Good),
        ]);
    }

    private static Style StyleOf(FindingState state) => state switch
    {
        FindingState.Ok => Look.Good,
        FindingState.Failed => Look.Bad,
        FindingState.Warning => Look.Warn,
        _ => Look.Faint,
    };
}
