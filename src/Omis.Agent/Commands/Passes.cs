using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Json;
using Omis.Agent.Rendering;
using Spectre.Console.Rendering;

namespace Omis.Agent.Commands;

/// <summary>One pass of the cycle for a person: either only looking, or rolling out before his eyes.</summary>
internal static class Passes
{
    public static async Task<int> LookAsync(Invocation call, CycleRequest request, Func<CycleReport, IRenderable> view, CancellationToken ct)
    {
        var settings = call.Settings();
        using var memory = call.OpenMemoryForReading(settings);
        using var parts = call.Compose(settings, memory);
        var report = await parts.Cycle.RunAsync(request, new Unwatched(), ct);
        return Tell(call, report, view);
    }

    public static async Task<int> RollOutAsync(Invocation call, CycleRequest request, CancellationToken ct)
    {
        var settings = call.Settings();
        using var memory = call.OpenMemory(settings);
        using var alone = memory.Lock.TryTake() ?? throw new BusyException();
        using var parts = call.Compose(settings, memory);
        var report = await WatchedAsync(call, parts, request, ct);
        await CycleNotes.KeepAsync(memory.Board, report, request, call.Logging);
        using var pulse = new Pulse(call.Around.Time, call.Logging);
        await Task.WhenAll(pulse.Beat(settings.Notify, report, ct), Mailroom.DrainAsync(settings, memory, call.Around.Time, call.Logging));
        return Tell(call, report, SummaryView.Of);
    }

    private static async Task<CycleReport> WatchedAsync(Invocation call, Composition parts, CycleRequest request, CancellationToken ct)
    {
        var screen = call.Around.Error;
        using IWatch watch = screen.IsTerminal ? new LiveProgress(screen, call.Around.Time) : new PlainProgress(screen, call.Around.Time);
        return await parts.Cycle.RunAsync(request, watch, ct);
    }

    private static int Tell(Invocation call, CycleReport report, Func<CycleReport, IRenderable> view)
    {
        call.Answer.Give(report, AgentJson.Default.CycleReport, () => view(report));
        if (report.Error is { } error)
        {
            call.Around.Error.Line($"omis-agent: {error.Code.Text()}: {error.Detail}");
        }

        return ExitCodes.Of(report);
    }
}
