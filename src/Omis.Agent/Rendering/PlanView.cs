using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Rollout;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Omis.Agent.Rendering;

/// <summary>What would be done, wave by wave, and why the rest would not.</summary>
internal static class PlanView
{
    public static IRenderable Of(CycleReport report) =>
        report.Plan is { } plan ? new Rows([.. Waves(plan.Waves), .. Skips(plan.Skipped)]) : new Rows();

    private static IEnumerable<IRenderable> Waves(ImmutableArray<ImmutableArray<PlannedStep>> waves) =>
        waves.IsEmpty
            ? [Look.Line("nothing to roll out")]
            : waves.SelectMany((steps, i) => (IRenderable[])[Look.Line($"wave {i + 1}", Look.Strong), Look.Indented(Look.Columns(4, steps.Select(Row)), 2)]);

    private static IRenderable[] Row(PlannedStep step) =>
    [
        Look.Cell($"{new WorkloadId(step.Project, step.Service)}"), Look.Cell(Words.Camel(step.Action)),
        Look.Cell($"{step.From?.Brief ?? "-"} → {step.To?.Brief ?? "-"}"), Look.Cell($"({step.Cause})", Look.Faint),
    ];

    private static IEnumerable<IRenderable> Skips(ImmutableArray<SkippedWorkload> skipped) =>
        skipped.IsEmpty ? [] : [Look.Line(""), Look.Line("left alone", Look.Strong), Look.Indented(Look.Columns(3, skipped.Select(Row)), 2)];

    private static IRenderable[] Row(SkippedWorkload skip) =>
    [
        Look.Cell($"{new WorkloadId(skip.Project, skip.Service)}"),
        Look.Cell(skip.Reason.Text(), skip.Reason == ReasonCode.UpToDate ? Look.Good : skip.Reason.IsRefusal() ? Look.Warn : Look.Faint),
        Look.Cell(skip.Detail),
    ];
}
