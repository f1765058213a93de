using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Rendering;

/// <summary>One line for each thing that happens. Pure.</summary>
internal static class ProgressText
{
    public static string Of(RolloutEvent happening) => happening switch
    {
        RolloutEvent.Began began => $"{began.Header.Project}: {Verb(began.Header.Trigger)} {string.Join(", ", began.Header.Steps.Select(step => step.Workload.Service))} (rollout {began.Header.Id})",
        RolloutEvent.Pulling pulling => $"{pulling.Progress.Workload}: pulling {Amount(pulling.Progress)}",
        RolloutEvent.Moved { Detail: "" } moved => $"{moved.Workload}: {Words.Camel(moved.Phase)}",
        RolloutEvent.Moved moved => $"{moved.Workload}: {Words.Camel(moved.Phase)} {moved.Detail}",
        RolloutEvent.Ended ended => $"{ended.Record.Project}: {Words.Camel(ended.Record.Outcome)} after {Words.Span(ended.Record.EndedAt - ended.Record.StartedAt)}",
        _ => "",
    };

    /// <summary><c>12.3 MB of 45.6 MB</c>; how many there are is not known at first.</summary>
    public static string Amount(PullProgress progress) =>
        progress.Total > 0 ? $"{Words.Bytes(progress.Current)} of {Words.Bytes(progress.Total)}" : Words.Bytes(progress.Current);

    private static string Verb(Trigger trigger) => trigger == Trigger.Recovery ? "ending what was left half done:" : "updating";
}
