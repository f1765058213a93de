using Omis.Agent.Control.Api;
using Omis.Agent.Control.Client;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Json;
using Omis.Agent.Rendering;
using Spectre.Console.Rendering;

namespace Omis.Agent.Commands;

/// <summary>One pass of the cycle for a person: either only looking, or rolling out before his eyes. By the service where one runs.</summary>
internal static class Passes
{
    public static async Task<int> LookAsync(Invocation call, CycleRequest request, Func<CycleReport, IRenderable> view, CancellationToken ct)
    {
        using var service = await call.TryServiceAsync(ct);
        if (service is not null)
        {
            var (method, path) = request.Depth == CycleDepth.Check ? (HttpMethod.Post, "/v1/check") : (HttpMethod.Get, "/v1/plan");
            return Tell(call, await service.LookAsync(method, path, ct), view);
        }

        var settings = call.Settings();
        using var memory = call.OpenMemoryForReading(settings);
        using var parts = call.Compose(settings, memory);
        return Tell(call, Told.Of(await parts.Cycle.RunAsync(request, Unwatched.Instance, ct)), view);
    }

    /// <summary>By the service, which goes on with it also when nobody watches any more; or by this process.</summary>
    public static async Task<int> OrderAsync(Invocation call, CycleRequest request, CancellationToken ct)
    {
        using var service = await call.TryServiceAsync(ct);
        if (service is null)
        {
            return await RollOutAsync(call, request, ct);
        }

        try
        {
            return Tell(call, await WatchedAsync(call, watch => AskAsync(service, request, watch, ct)), SummaryView.Of);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            call.Around.Error.Line("omis-agent: no longer watching; what the service has begun it goes on with, and 'omis-agent status' shows it");
            throw;
        }
    }

    public static async Task<int> RollOutAsync(Invocation call, CycleRequest request, CancellationToken ct)
    {
        var settings = call.Settings();
        using var memory = call.OpenMemory(settings);
        using var alone = memory.Lock.TryTake() ?? throw new BusyException();
        using var parts = call.Compose(settings, memory);
        var report = await WatchedAsync(call, watch => parts.Cycle.RunAsync(request, watch, ct));
        await CycleNotes.KeepAsync(memory.Board, report, request, call.Logging);
        using var pulse = new Pulse(call.Around.Time, call.Logging);
        await Task.WhenAll(pulse.Beat(settings.Notify, report, ct), Mailroom.DrainAsync(settings, memory, call.Around.Time, call.Logging));
        return Tell(call, Told.Of(report), SummaryView.Of);
    }

    private static Task<Told> AskAsync(ServiceClient service, CycleRequest request, IProgress<RolloutEvent> watch, CancellationToken ct) =>
        request.Back is { } back
            ? service.RollAsync("/v1/rollback", new RollbackAsked(request.Project, request.Services, back.To, request.Actor, request.Comment), AskedJson.Default.RollbackAsked, watch, ct)
            : service.RollAsync("/v1/update", new UpdateAsked(request.Project, request.Services, request.Actor, request.Comment), AskedJson.Default.UpdateAsked, watch, ct);

    private static async Task<T> WatchedAsync<T>(Invocation call, Func<IProgress<RolloutEvent>, Task<T>> rollout)
    {
        var screen = call.Around.Error;
        using IWatch watch = screen.IsTerminal ? new LiveProgress(screen, call.Around.Time) : new PlainProgress(screen, call.Around.Time);
        return await rollout(watch);
    }

    private static int Tell(Invocation call, Told told, Func<CycleReport, IRenderable> view)
    {
        call.Answer.Give(told.Report, AgentJson.Default.CycleReport, () => view(told.Report));
        if (told.Report.Error is { } error)
        {
            call.Around.Error.Line($"omis-agent: {error.Code.Text()}: {error.Detail}");
        }

        return told.ExitCode;
    }
}
