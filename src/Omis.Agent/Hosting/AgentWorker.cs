using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Hosting;

/// <summary>
/// The service: a pass at once, then one whenever the schedule says, whatever happened in the one before; and between two
/// of them one for what the bell was rung for, and one for each order, which do not move the schedule.
/// </summary>
internal sealed partial class AgentWorker(Passage passage, Calls calls, LiveSettings settings, Announcer announcer, Readiness readiness, TimeProvider time, ILogger<AgentWorker> logger) : BackgroundService
{
    private static readonly CycleRequest Everything = new() { Depth = CycleDepth.Rollout };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Starting must not wait for the first pass: systemd would take it for hanging.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            var changed = settings.Changed;
            var next = NextAfter(await PassAsync(Everything, stoppingToken));
            await RestAsync(next, changed, stoppingToken);
        }

        calls.Orders.Close();
        await announcer.SayAsync(ServiceActivity.Stopped, null);
    }

    /// <summary>New settings are tried at once: whoever changed them is watching.</summary>
    private async Task RestAsync(DateTimeOffset next, CancellationToken changed, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(changed, stopping);
        var quiet = settings.Current.Check.Debounce;
        while (true)
        {
            await announcer.SayAsync(ServiceActivity.Idle, next);
            GiveBack();
            switch (await WakesAsync(next, quiet, either.Token))
            {
                case Wake.Order:
                    await ServeAsync(stopping);
                    break;
                case Wake.Bell:
                    quiet = await AnswerAsync(stopping) ? settings.Current.Check.Debounce : Schedule.Soon;
                    break;
                default:
                    return;
            }
        }
    }

    private async Task<Wake> WakesAsync(DateTimeOffset next, TimeSpan quiet, CancellationToken ct)
    {
        using var decided = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            var (rung, ordered) = (calls.Bell.WaitAsync(quiet, decided.Token), calls.Orders.WaitAsync(decided.Token));
            await await Task.WhenAny(Waiting.UntilAsync(next, time, decided.Token), rung, ordered);
            return ordered.IsCompletedSuccessfully ? Wake.Order
                : rung.IsCompletedSuccessfully && time.GetUtcNow() < next ? Wake.Bell
                : Wake.Schedule;
        }
        catch (OperationCanceledException)
        {
            return Wake.Schedule;
        }
        finally
        {
            await decided.CancelAsync();
        }
    }

    /// <returns>False where nobody could look; then it stays rung.</returns>
    private async Task<bool> AnswerAsync(CancellationToken ct)
    {
        var images = calls.Bell.Take();
        var end = await PassAsync(Everything with { Trigger = Trigger.Webhook, Images = images }, ct);
        if (end != PassageEnd.Looked)
        {
            calls.Bell.Ring(images);
        }

        return end == PassageEnd.Looked;
    }

    /// <summary>Whoever ordered hears of every fault himself, so that the log need not.</summary>
    private async Task ServeAsync(CancellationToken ct)
    {
        if (calls.Orders.Take() is not { } order)
        {
            return;
        }

        try
        {
            var report = await passage.TakeAsync(order.Request, order.Watcher, ct);
            readiness.After(EndOf(report));
            if (report is null)
            {
                order.Fail(new BusyException());
            }
            else
            {
                order.Answer(report);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            order.Fail(new StoppingException());
        }
#pragma warning disable CA1031 // It is the caller's to tell, and the service goes on.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            order.Fail(fault);
        }
        finally
        {
            calls.Orders.Reopen();
        }
    }

    private async Task<PassageEnd> PassAsync(CycleRequest request, CancellationToken ct)
    {
        var end = await EndOfAsync(request, ct);
        readiness.After(end);
        return end;
    }

    private async Task<PassageEnd> EndOfAsync(CycleRequest request, CancellationToken ct)
    {
        try
        {
            return EndOf(await passage.TakeAsync(request, watcher: null, ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return PassageEnd.Looked;
        }
        catch (EnvironmentException fault)
        {
            Away(logger, fault.Message);
            return PassageEnd.Away;
        }
#pragma warning disable CA1031 // A service that ends at one odd answer keeps nothing up to date.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Unexpected(logger, fault);
            return PassageEnd.Looked;
        }
        finally
        {
            calls.Orders.Reopen();
        }
    }

    private static PassageEnd EndOf(CycleReport? report) =>
        report is null ? PassageEnd.Busy : report.Error is null ? PassageEnd.Looked : PassageEnd.Away;

    /// <summary>
    /// Left alone, the collector lets the garbage of many passes grow to its budget, which follows the processor's cache
    /// and may be a hundred megabytes. Nothing is urgent between two passes.
    /// </summary>
    private static void GiveBack() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private DateTimeOffset NextAfter(PassageEnd end)
    {
        var schedule = new Schedule(settings.Current.Check);
        var (now, dice) = (time.GetUtcNow(), Random.Shared.NextDouble());
        return end == PassageEnd.Away ? schedule.Retry(now, dice) : schedule.Next(now, dice);
    }

    private enum Wake
    {
        Schedule, Bell, Order,
    }

    [LoggerMessage(5011, LogLevel.Warning, "Could not look: {Problem}; trying again soon")]
    private static partial void Away(ILogger logger, string problem);

    [LoggerMessage(5012, LogLevel.Error, "A cycle met an unexpected fault; the next one comes as usual")]
    private static partial void Unexpected(ILogger logger, Exception fault);
}
