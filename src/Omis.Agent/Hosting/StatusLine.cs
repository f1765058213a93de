using System.Globalization;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Rendering;

namespace Omis.Agent.Hosting;

/// <summary>The one line that <c>systemctl status</c> shows. Pure.</summary>
internal static class StatusLine
{
    /// <param name="outcome">What the last pass came to; empty before the first.</param>
    /// <param name="refused">Whether the config's latest reading was.</param>
    public static string Idle(string outcome, DateTimeOffset? next, bool refused = false)
    {
        var then = next is { } at ? string.Create(CultureInfo.InvariantCulture, $"next check at {at.UtcDateTime:HH:mm:ss} UTC") : "idle";
        return (refused ? "The config is refused, the one before in force; " : "") + (outcome.Length == 0 ? then : $"{outcome}; {then}");
    }

    /// <summary>What needs a person comes before anything else.</summary>
    public static string Of(CycleReport report)
    {
        if (report.Rollouts is { } rollouts && rollouts.Any(record => record.Outcome == Outcome.Stuck))
        {
            return $"STUCK, needs a person: {string.Join(", ", rollouts.Where(record => record.Outcome == Outcome.Stuck).Select(record => record.Project).Distinct())}";
        }

        return report.Error is { } error ? $"Could not look: {error.Code.Text()}: {error.Detail}" : Seen(report);
    }

    private static string Seen(CycleReport report)
    {
        var seen = report.Seen ?? [];
        var held = seen.Count(workload => workload.State == SeenState.UpdateAvailable) - Updated(report);
        var unknown = seen.Count(workload => workload.State == SeenState.Unknown);
        var reverted = (report.Rollouts ?? []).Where(record => record.Outcome == Outcome.Reverted).Select(record => record.Project).Distinct().ToArray();
        return Words.Count(seen.Length, "service", "services")
            + (held > 0 ? $", {Words.Count(held, "update", "updates")} not rolled out" : "")
            + (unknown > 0 ? $", {unknown} unknown" : "")
            + (reverted.Length > 0 ? $", reverted: {string.Join(", ", reverted)}" : "");
    }

    /// <summary>What was seen as an update when the pass began runs by now.</summary>
    private static int Updated(CycleReport report) =>
        (report.Rollouts ?? []).Where(record => record.Outcome == Outcome.Committed)
            .Sum(record => (report.Seen ?? []).Count(workload => workload.State == SeenState.UpdateAvailable && workload.Project == record.Project && record.Steps.Any(step => step.Service == workload.Service)));
}
