using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Omis.Agent.Control.Api;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Telemetry;
using Serilog.Events;

namespace Omis.Agent.Commands;

internal sealed class RunVerb : Verb
{
    private readonly Option<bool> once = new("--once") { Description = "One full cycle, then exit; needs no running service" };

    public RunVerb(Surroundings around)
        : base("run", "Be the service: check on schedule and roll out", around) => Add(once);

    protected override LogEventLevel UsualLevel(ParseResult parsed) =>
        parsed.GetValue(once) ? LogEventLevel.Warning : LogEventLevel.Information;

    protected override Task<int> RunAsync(Invocation call, CancellationToken ct) =>
        call.Parsed.GetValue(once)
            ? Passes.RollOutAsync(call, new CycleRequest { Depth = CycleDepth.Rollout }, ct)
            : ServeAsync(call, ct);

    private static async Task<int> ServeAsync(Invocation call, CancellationToken ct)
    {
        var first = call.Settings();
        call.LogAs(first.Log);
        var (around, logging) = (call.Around, call.Logging);
        using var settings = new LiveSettings(first, call.LoadConfig, logging.CreateLogger<LiveSettings>());
        using var memory = call.OpenMemory(settings.Current);
        memory.Follow(settings);
        var manager = new ServiceManager(NotifySocket.Of(around.Environment), new SignsOfLife(around.Time), around.Time) { HasRefusedConfig = () => !settings.Problems.IsEmpty };
        using var watchdog = manager.Watch(around.Environment, Environment.ProcessId, logging.CreateLogger<Watchdog>());
        using var stop = ct.Register(() => manager.Stop(ServiceHost.ShutdownTimeout(settings.Current)));
        var announcer = new Announcer(memory.Board, manager, logging.CreateLogger<Announcer>());
        var decisions = new DecisionLog(manager, logging.CreateLogger<DecisionLog>());
        using var pulse = new Pulse(around.Time, logging);
        using var mailroom = new Mailroom(settings, memory, around.Time, logging);
        using var observatory = new Observatory(settings.Current.Telemetry, around.Environment, () => StatusReading.ReadAsync(memory, around.Time.GetUtcNow(), CancellationToken.None).GetAwaiter().GetResult(), around.Time);
        using var bench = new Workbench(settings, now => new Composition(now, memory, observatory.Watched(manager.Watched(around.Outside)), logging, around.Time));
        using var feed = new EventFeed(around.Time);
        var calls = new Calls(new Bell(around.Time), new Orders { OnClosed = feed.Dispose });
        var passage = new Passage(bench, memory, announcer, decisions, logging)
        {
            Watchers = [calls.Orders, feed, observatory.Meter, observatory.Trace],
            OnTaken = (report, request) =>
            {
                observatory.Meter.After(report, request);
                mailroom.Ring();
                pulse.Beat(settings.Current.Notify, report, CancellationToken.None);
            },
        };
        void Reload()
        {
            settings.Reload();
            _ = announcer.SayAsync(settings.Problems);
        }

        using var watch = new ConfigWatch(call.ConfigFingerprint, () => manager.Reload(Reload), around.Time);
        around.Stopping.OnHangUp = () => manager.Reload(Reload);

        var readiness = new Readiness();
        using var worker = new AgentWorker(passage, calls, settings, announcer, readiness, around.Time, logging.CreateLogger<AgentWorker>());
        var desk = new ServiceDesk(memory, bench, calls.Orders, around.Time);
        var reception = Composition.Reception(settings, calls.Bell, readiness, desk, feed, observatory.Text, logging, around.Time);
        using var port = Composition.Port(settings, reception, logging, around.Time);
        using var socket = Composition.Socket(settings, reception, logging, around.Time);
        using var host = ServiceHost.Build([mailroom, port, socket, worker], settings.Current, logging);
        await host.RunAsync(ct);
        return ExitCodes.Done;
    }
}
