using System.Diagnostics;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Rendering;

namespace Omis.Agent.Telemetry;

/// <summary>
/// A rollout's events as a trace: the rollout, in it its pull, each service's step with its probe, the soak and the
/// revert. Costs nothing where nobody listens.
/// </summary>
internal sealed class RolloutTrace(ActivitySource source) : IProgress<RolloutEvent>
{
    private readonly Dictionary<WorkloadId, Activity> steps = [];
    private readonly Dictionary<WorkloadId, Activity> probes = [];
    private Activity? rollout;
    private Activity? phase;

    public void Report(RolloutEvent value)
    {
        switch (value)
        {
            case RolloutEvent.Began { Header: var header }:
                End(ActivityStatusCode.Unset);
                rollout = Start("rollout", parent: null);
                Tag(rollout, ("omis.rollout", header.Id), ("omis.project", header.Project), ("omis.trigger", Words.Camel(header.Trigger)));
                phase = Start("pull", rollout);
                break;
            case RolloutEvent.Pulling { Progress: var progress }:
                phase?.SetTag("omis.bytes." + progress.Workload.Service, progress.Current);
                break;
            case RolloutEvent.Moved moved:
                Move(moved);
                break;
            case RolloutEvent.Ended { Record: var record }:
                Tag(rollout, ("omis.outcome", Words.Camel(record.Outcome)), ("omis.reason", record.Reason?.Code.Text()));
                End(record.Outcome == Outcome.Committed ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
                break;
        }
    }

    private void Move(RolloutEvent.Moved moved)
    {
        switch (moved.Phase)
        {
            case RolloutPhase.Staging when phase?.OperationName != "stage":
                Turn("stage");
                break;
            case RolloutPhase.Swapping:
                Turn(null);
                if (!steps.ContainsKey(moved.Workload))
                {
                    Begin(steps, moved.Workload, "step", rollout);
                }

                break;
            case RolloutPhase.Probing:
                Stop(probes, moved.Workload);
                Begin(probes, moved.Workload, "probe", steps.GetValueOrDefault(moved.Workload) ?? rollout);
                break;
            case RolloutPhase.Healthy:
                Stop(probes, moved.Workload);
                Stop(steps, moved.Workload);
                break;
            case RolloutPhase.Soaking:
                Turn("soak");
                break;
            case RolloutPhase.Failing:
                Fail(moved);
                Turn("revert");
                break;
            case RolloutPhase.Committed when phase is not null && phase.OperationName != "finish":
            case RolloutPhase.Committed when phase is null:
                Turn("finish");
                break;
        }
    }

    private void Fail(RolloutEvent.Moved moved)
    {
        var (probe, step) = (probes.GetValueOrDefault(moved.Workload), steps.GetValueOrDefault(moved.Workload));
        probe?.SetStatus(ActivityStatusCode.Error, moved.Detail);
        step?.SetStatus(ActivityStatusCode.Error, moved.Detail);
        StopAll();
    }

    /// <summary>Ends what the rollout as a whole was at, and begins the next.</summary>
    private void Turn(string? name)
    {
        phase?.Stop();
        phase = name is null ? null : Start(name, rollout);
    }

    private void Begin(Dictionary<WorkloadId, Activity> open, WorkloadId workload, string name, Activity? parent)
    {
        if (Start(name, parent) is { } activity)
        {
            Tag(activity, ("omis.project", workload.Project), ("omis.service", workload.Service));
            open[workload] = activity;
        }
    }

    /// <summary>It becomes nobody's current one: events come from the rollout's own flow, which must not carry it on.</summary>
    private Activity? Start(string name, Activity? parent)
    {
        var before = Activity.Current;
        var started = source.StartActivity(name, ActivityKind.Internal, parent?.Context ?? default);
        Activity.Current = before;
        return started;
    }

    private static void Stop(Dictionary<WorkloadId, Activity> open, WorkloadId workload)
    {
        if (open.Remove(workload, out var activity))
        {
            activity.Stop();
        }
    }

    private static void Tag(Activity? activity, params ReadOnlySpan<(string Name, string? Value)> tags)
    {
        foreach (var (name, value) in tags)
        {
            activity?.SetTag(name, value);
        }
    }

    private void StopAll()
    {
        foreach (var activity in probes.Values.Concat(steps.Values))
        {
            activity.Stop();
        }

        probes.Clear();
        steps.Clear();
    }

    private void End(ActivityStatusCode status)
    {
        StopAll();
        Turn(null);
        rollout?.SetStatus(status);
        rollout?.Stop();
        rollout = null;
    }
}
