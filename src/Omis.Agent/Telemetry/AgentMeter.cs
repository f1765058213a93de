using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Rendering;

namespace Omis.Agent.Telemetry;

/// <summary>
/// Counts what the service does. Names and units follow OpenTelemetry; as Prometheus text <c>omis_agent.downtime</c> in
/// <c>s</c> is <c>omis_agent_downtime_seconds</c>. Labels are names of projects and services, and words of closed sets.
/// </summary>
internal sealed class AgentMeter : IProgress<RolloutEvent>
{
    public const string Name = "Omis.Agent";

    private static readonly InstrumentAdvice<double> Moments = new() { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300] };
    private static readonly InstrumentAdvice<double> Minutes = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600] };
    private static readonly ImmutableArray<Outcome> Ends = [Outcome.Committed, Outcome.Reverted, Outcome.Stuck, Outcome.Refused, Outcome.Failed];

    private readonly Lock gate = new();
    private readonly Dictionary<WorkloadId, long> pulled = [];
    private readonly HashSet<string> projects = [];
    private readonly Counter<long> checks;
    private readonly Counter<long> rollouts;
    private readonly Counter<long> bytes;
    private readonly Counter<long> misses;
    private readonly Histogram<double> took;
    private readonly Histogram<double> down;
    private readonly Histogram<double> revert;
    private ImmutableDictionary<WorkloadId, SeenState> seen = ImmutableDictionary<WorkloadId, SeenState>.Empty;

    public AgentMeter(Meter meter)
    {
        checks = meter.CreateCounter<long>("omis_agent.checks", "{check}", "Passes over the engine's services, by what set them off and whether they could look.");
        rollouts = meter.CreateCounter<long>("omis_agent.rollouts", "{rollout}", "Rollouts that ended, by outcome; a stuck one counts each time that going back was tried.");
        took = meter.CreateHistogram("omis_agent.rollout.duration", "s", "How long rollouts took, pulls and soak included.", advice: Minutes);
        down = meter.CreateHistogram("omis_agent.downtime", "s", "How long services did not answer because of a rollout, the longest of their replicas.", advice: Moments);
        revert = meter.CreateHistogram("omis_agent.revert.duration", "s", "From the failing verdict to the old container's first good sample.", advice: Moments);
        bytes = meter.CreateCounter<long>("omis_agent.pulled", "By", "Bytes of images that the engine said it had downloaded.");
        misses = meter.CreateCounter<long>("omis_agent.probe.failures", "{sample}", "Health samples that were not good, by reason; also those of a container that was still starting.");
        meter.CreateObservableGauge("omis_agent.workloads", Workloads, "{workload}", "Services and containers that were seen, by state.");
        foreach (var trigger in (Trigger[])[Trigger.Poll, Trigger.Webhook, Trigger.Manual])
        {
            Count(trigger, isGood: true, 0);
            Count(trigger, isGood: false, 0);
        }
    }

    /// <summary>When everything was last looked at; null before the first time.</summary>
    public DateTimeOffset? LastCheck { get; private set; }

    public void Report(RolloutEvent value)
    {
        switch (value)
        {
            case RolloutEvent.Pulling { Progress: var progress }:
                Count(progress.Workload, progress.Current);
                break;
            case RolloutEvent.Ended { Record: var record }:
                Count(record);
                break;
            case RolloutEvent.Began began:
                Introduce(began.Header.Project);
                lock (gate)
                {
                    pulled.Clear();
                }

                break;
        }
    }

    public void After(CycleReport report, CycleRequest request)
    {
        Count(request.Trigger, report.Error is null, 1);
        if (report.Seen is not { } now)
        {
            return;
        }

        foreach (var project in now.Select(workload => workload.Project).Distinct())
        {
            Introduce(project);
        }

        var updated = (report.Rollouts ?? []).Where(record => record.Outcome == Outcome.Committed).SelectMany(record => record.Steps.Select(step => new WorkloadId(record.Project, step.Service))).ToHashSet();
        var states = now.Select(workload => (Id: new WorkloadId(workload.Project, workload.Service), workload.State))
            .Select(pair => KeyValuePair.Create(pair.Id, pair.State == SeenState.UpdateAvailable && updated.Contains(pair.Id) ? SeenState.UpToDate : pair.State));
        seen = request.IsWhole && report.Plan is not null ? states.ToImmutableDictionary() : seen.SetItems(states);
        LastCheck = request.IsWhole && report.Error is null ? report.StartedAt : LastCheck;
    }

    public void Missed(WorkloadId workload, ReasonCode code) =>
        misses.Add(1, new("project", workload.Project), new("service", workload.Service), new("reason", code.Text()));

    /// <summary>Outcomes that have not come yet are there with nought: a counter that begins with one has never increased.</summary>
    private void Introduce(string project)
    {
        lock (gate)
        {
            if (!projects.Add(project))
            {
                return;
            }
        }

        foreach (var outcome in Ends)
        {
            rollouts.Add(0, new("project", project), new("outcome", Words.Camel(outcome)));
        }

        bytes.Add(0, new KeyValuePair<string, object?>("project", project));
    }

    private void Count(Trigger trigger, bool isGood, long count) =>
        checks.Add(count, new("trigger", Words.Camel(trigger)), new("result", isGood ? "ok" : "failed"));

    private void Count(WorkloadId workload, long current)
    {
        lock (gate)
        {
            var more = current - pulled.GetValueOrDefault(workload);
            if (more > 0)
            {
                pulled[workload] = current;
                bytes.Add(more, new KeyValuePair<string, object?>("project", workload.Project));
            }
        }
    }

    private void Count(RolloutRecord record)
    {
        KeyValuePair<string, object?> project = new("project", record.Project), outcome = new("outcome", Words.Camel(record.Outcome));
        rollouts.Add(1, project, outcome);
        took.Record((record.EndedAt - record.StartedAt).TotalSeconds, project, outcome);
        foreach (var step in record.Steps)
        {
            KeyValuePair<string, object?> service = new("service", step.Service);
            if (step.DownMs is { } downMs)
            {
                down.Record(downMs / 1000.0, project, service);
            }

            if (step.RevertMs is { } revertMs)
            {
                revert.Record(revertMs / 1000.0, project, service);
            }
        }
    }

    private IEnumerable<Measurement<long>> Workloads() =>
        from project in seen.GroupBy(pair => pair.Key.Project)
        from state in Enum.GetValues<SeenState>()
        select new Measurement<long>(project.Count(pair => pair.Value == state), new KeyValuePair<string, object?>("project", project.Key), new("state", Words.Camel(state)));
}
