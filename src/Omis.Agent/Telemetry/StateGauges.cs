using System.Diagnostics.Metrics;
using System.Reflection;
using Omis.Agent.Core.Naming;
using Omis.Agent.Hosting;

namespace Omis.Agent.Telemetry;

/// <summary>
/// What stands in the state at the moment of the scrape: what is parked, stuck, blocked, paused or waits to be told. Read
/// once for all of them; a state that cannot be read leaves them out, which an alert can see.
/// </summary>
internal sealed class StateGauges
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Func<StatusReport> read;
    private readonly AgentMeter counts;
    private readonly Meter meter;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private StatusReport? status;
    private long readAt;

    public StateGauges(Meter meter, AgentMeter counts, Func<StatusReport> read, TimeProvider time)
    {
        (this.meter, this.counts, this.read, this.time) = (meter, counts, read, time);
        var started = time.GetUtcNow();
        Gauge("omis_agent.up", () => 1, "1", "The service runs.");
        Gauge("omis_agent.process.start_time", () => started.ToUnixTimeMilliseconds() / 1000.0, "s", "When the service began.");
        Gauge("omis_agent.process.resident_memory", () => Environment.WorkingSet, "By", "Resident memory of the service.");
        var (version, commit) = Build();
        meter.CreateObservableGauge("omis_agent.build_info", () => new Measurement<double>(1, new KeyValuePair<string, object?>("version", version), new("commit", commit)), "1", "Which version runs.");
        ObserveChecks();
        ObserveProjects();
        ObserveNotices();
    }

    private void ObserveChecks()
    {
        Each("omis_agent.last_check.timestamp", () => counts.LastCheck is { } last ? [new Measurement<double>(last.ToUnixTimeMilliseconds() / 1000.0)] : [], "s", "When everything was last looked at.");
        Each("omis_agent.last_check.age", () => counts.LastCheck is { } last ? [new Measurement<double>((time.GetUtcNow() - last).TotalSeconds)] : [], "s", "How long ago that was.");
        Each("omis_agent.config_refused", () => Now() is { } now ? [new Measurement<double>(now.ConfigRefused is null ? 0 : 1)] : [], "1", "1 while the config on disk has mistakes and an older one is in force.");
    }

    private void ObserveProjects()
    {
        PerProject("omis_agent.stuck_rollouts", project => project.State == ProjectState.Stuck ? 1 : 0, "{rollout}", "Rollouts that could not be taken back and need a person.");
        PerProject("omis_agent.open_rollouts", project => project.State is ProjectState.RollingOut or ProjectState.Interrupted ? 1 : 0, "{rollout}", "Rollouts that go on, or wait to be ended after an interruption.");
        PerProject("omis_agent.parked_containers", project => project.Parked.Length, "{container}", "Old containers that stand aside.");
        PerProject("omis_agent.paused", project => project.State == ProjectState.Paused ? 1 : 0, "1", "1 while a person has paused it.");
        Each(
            "omis_agent.blocked_services",
            () => (Now()?.Projects ?? []).SelectMany(project => project.Blocked.GroupBy(blocked => blocked.Reason)
                .Select(reason => new Measurement<double>(reason.Count(), new KeyValuePair<string, object?>("project", project.Project), new("reason", reason.Key.Text())))),
            "{service}",
            "Services that wait, by reason.");
    }

    private void ObserveNotices()
    {
        Each("omis_agent.notices.waiting", () => (Now()?.Notices ?? []).Select(backlog => new Measurement<double>(backlog.Waiting, new KeyValuePair<string, object?>("channel", backlog.Channel))), "{notice}", "Notices that a channel has yet to take.");
        Each("omis_agent.notices.oldest.age", () => (Now()?.Notices ?? []).Select(backlog => new Measurement<double>(Math.Max(0, (time.GetUtcNow() - backlog.Oldest).TotalSeconds), new KeyValuePair<string, object?>("channel", backlog.Channel))), "s", "How long the oldest of them has waited.");
    }

    private void Gauge(string name, Func<double> value, string unit, string description) => meter.CreateObservableGauge(name, value, unit, description);

    private void Each(string name, Func<IEnumerable<Measurement<double>>> values, string unit, string description) => meter.CreateObservableGauge(name, values, unit, description);

    private void PerProject(string name, Func<ProjectStatus, double> value, string unit, string description) =>
        Each(name, () => (Now()?.Projects ?? []).Select(project => new Measurement<double>(value(project), new KeyValuePair<string, object?>("project", project.Project))), unit, description);

    private StatusReport? Now()
    {
        lock (gate)
        {
            if (status is null || time.GetElapsedTime(readAt) >= Fresh)
            {
                status = TryRead();
                readAt = time.GetTimestamp();
            }

            return status;
        }
    }

    private StatusReport? TryRead()
    {
        try
        {
            return read();
        }
        catch (EnvironmentException)
        {
            return null;
        }
    }

    private static (string Version, string Commit) Build() =>
        (typeof(StateGauges).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+') is [var version, .. var rest]
            ? (version, rest is [{ Length: >= 8 } commit] ? commit[..8] : "")
            : ("unknown", "");
}
