using System.Globalization;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Rendering;

namespace Omis.Agent.Hosting;

/// <summary>
/// Tells systemd what the service is at, and that it gets on. That it has started is said by the host's own lifetime.
/// Outside systemd nobody listens and nothing is sent.
/// </summary>
internal sealed class ServiceManager(NotifySocket socket, SignsOfLife life, TimeProvider time) : IProgress<RolloutEvent>
{
    /// <summary>How often a pull's progress is told: systemd passes every line on to whoever watches the unit.</summary>
    private static readonly TimeSpan PullEvery = TimeSpan.FromSeconds(1);

    /// <summary>How late a pass may be: the clock is looked at each minute, and a busy machine takes its time.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(10);

    private volatile string outcome = "";
    private volatile bool rollsOut;
    private volatile bool stopping;
    private long pulled;

    /// <summary>Whether the config was read again and refused.</summary>
    public Func<bool> HasRefusedConfig { get; init; } = () => false;

    public Watchdog? Watch(IReadOnlyDictionary<string, string> environment, int pid, ILogger<Watchdog> logger) =>
        Watchdog.Wanted(environment, pid) is { } within ? new Watchdog(socket, within, life, time, logger) : null;

    /// <summary>The engine's parts, where every health sample is a sign of life.</summary>
    public Outside Watched(Outside outside) => outside with
    {
        Engine = (settings, credentials, logging, clock) =>
        {
            var parts = outside.Engine(settings, credentials, logging, clock);
            return parts with { Sampler = new BeatingSampler(parts.Sampler, life) };
        },
    };

    public void Say(ServiceActivity activity, DateTimeOffset? next)
    {
        rollsOut = false;
        life.Beat(next is { } at ? Later(at - time.GetUtcNow(), TimeSpan.Zero) + Late : SignsOfLife.WithinPass);
        if (activity != ServiceActivity.Stopped)
        {
            Status(activity == ServiceActivity.Idle ? StatusLine.Idle(outcome, next, HasRefusedConfig()) : "Checking");
        }
    }

    public void Report(RolloutEvent value)
    {
        life.Beat(SignsOfLife.WithinPass);
        rollsOut = value is not RolloutEvent.Ended;
        if (value is not RolloutEvent.Pulling || pulled == 0 || time.GetElapsedTime(pulled) >= PullEvery)
        {
            pulled = value is RolloutEvent.Pulling ? time.GetTimestamp() : pulled;
            Status(ProgressText.Of(value));
        }
    }

    public void After(CycleReport report) => outcome = StatusLine.Of(report);

    /// <summary>systemd shows the unit as reloading until it is done. Refused or not, the service then goes on.</summary>
    public void Reload(Action reload)
    {
        socket.Send("RELOADING=1", Text($"MONOTONIC_USEC={(long)time.GetElapsedTime(0).TotalMicroseconds}"));
        try
        {
            reload();
        }
        finally
        {
            socket.Send("READY=1");
        }
    }

    /// <param name="budget">What ending or taking back a rollout may take; systemd's own limit, where shorter, gives way.</param>
    public void Stop(TimeSpan budget)
    {
        Status(rollsOut ? "Stopping: the rollout in progress is finished or taken back first" : "Stopping");
        stopping = true;
        socket.Send("STOPPING=1", Text($"EXTEND_TIMEOUT_USEC={(long)budget.TotalMicroseconds}"));
    }

    private void Status(string line) => socket.Send($"STATUS={(stopping ? "Stopping: " : "")}{Printable.Line(line)}");

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
