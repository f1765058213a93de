using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
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
        var manager = new ServiceManager(NotifySocket.Of(around.Environment), new SignsOfLife(around.Time), around.Time);
        using var watchdog = manager.Watch(around.Environment, Environment.ProcessId, logging.CreateLogger<Watchdog>());
        using var stop = ct.Register(() => manager.Stop(ServiceHost.ShutdownTimeout(settings.Current)));
        var announcer = new Announcer(memory.Board, manager, logging.CreateLogger<Announcer>());
        var decisions = new DecisionLog(manager, logging.CreateLogger<DecisionLog>());
        using var pulse = new Pulse(around.Time, logging);
        using var mailroom = new Mailroom(settings, memory, around.Time, logging);
        using var passage = new Passage(settings, memory, now => new Composition(now, memory, manager.Watched(around.Outside), logging, around.Time), announcer, decisions, logging)
        {
            OnTaken = report =>
            {
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

        var (bell, readiness) = (new Bell(around.Time), new Readiness());
        using var worker = new AgentWorker(passage, bell, settings, announcer, readiness, around.Time, logging.CreateLogger<AgentWorker>());
        using var control = Composition.Control(settings, bell, readiness, logging, around.Time);
        using var host = ServiceHost.Build([mailroom, worker, control], settings.Current, logging);
        await host.RunAsync(ct);
        return ExitCodes.Done;
    }
}
