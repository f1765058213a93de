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
        .. Waiting(report),
        .. report is { Error: null, Rollouts: [] } ? [Look.Line(Idle(report))] : Array.Empty<IRenderable>(),
    ]);

    private static IEnumerable<IRenderable> Waiting(CycleReport report)
    {
        ImmutableArray<SkippedWorkload> waiting = [.. report.Plan?.Skipped.Where(skip => IsTold(skip.Reason, isRollback: report.Seen is null)) ?? []];
        return waiting.IsEmpty ? [] :
        [
            Look.Line(report.Seen is null ? "not rolled back" : "not updated", Look.Warn),
            Look.Indented(Look.Columns(3, waiting.Select(skip => (IRenderable[])[Look.Cell($"{new WorkloadId(skip.Project, skip.Service)}"), Look.Cell(skip.Reason.Text(), Look.Warn), Look.Cell(skip.Detail)])), 2),
        ];
    }

    private static bool IsTold(ReasonCode reason, bool isRollback) =>
        isRollback ? reason != ReasonCode.UpToDate : reason.IsRefusal() || reason == ReasonCode.Pinned;

    private static string Idle(CycleReport report)
    {
        if (report.Seen is not { } seen)
        {
            var skipped = report.Plan?.Skipped ?? [];
            return skipped.All(skip => skip.Reason == ReasonCode.UpToDate)
                ? $"it runs there already, and stays there until 'omis-agent unpin': {string.Join(", ", skipped.Select(skip => $"{skip.Service} {skip.Detail}"))}"
                : "nothing was rolled back";
        }

        var current = seen.Count(workload => workload.State == SeenState.UpToDate);
        return $"nothing was rolled out: {current} of {Words.Count(seen.Length, "service is", "services are")} up to date";
    }
}
