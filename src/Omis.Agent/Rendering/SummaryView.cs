using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Rollout;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Omis.Agent.Rendering;

/// <summary>What a person wants to read after <c>run --once</c> or <c>update</c>.</summary>
internal static class SummaryView
{
    public static IRenderable Of(CycleReport report) => new Rows(
    [
        .. (report.Rollouts ?? []).Select(RolloutView.Of),
        .. Waiting(report.Plan?.Skipped ?? []),
        .. report is { Error: null, Rollouts: [] } ? [Look.Line(Idle(report))] : Array.Empty<IRenderable>(),
    ]);

    private static IEnumerable<IRenderable> Waiting(ImmutableArray<SkippedWorkload> skipped)
    {
        ImmutableArray<SkippedWorkload> waiting = [.. skipped.Where(skip => skip.Reason.IsRefusal() || skip.Reason == ReasonCode.Pinned)];
        return waiting.IsEmpty ? [] :
        [
            Look.Line("not updated", Look.Warn),
            Look.Indented(Look.Columns(3, waiting.Select(skip => (IRenderable[])[Look.Cell($"{new WorkloadId(skip.Project, skip.Service)}"), Look.Cell(skip.Reason.Text(), Look.Warn), Look.Cell(skip.Detail)])), 2),
        ];
    }

    private static string Idle(CycleReport report)
    {
        if (report.Seen is not { } seen)
        {
            return "nothing was rolled back: " + (report.Plan?.Skipped.IsEmpty == false ? string.Join("; ", report.Plan.Skipped.Select(skip => $"{skip.Service}: {skip.Reason.Text()}: {skip.Detail}")) : "nothing differs");
        }

        var current = seen.Count(workload => workload.State == SeenState.UpToDate);
        return $"nothing was rolled out: {current} of {Words.Count(seen.Length, "service is", "services are")} up to date";
    }
}
