using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Hosting;

/// <summary>The service: a pass at once, then one whenever the schedule says, whatever happened in the one before.</summary>
internal sealed partial class AgentWorker(Passage passage, LiveSettings settings, Announcer announcer, TimeProvider time, ILogger<AgentWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Starting must not wait for the first pass: systemd would take it for hanging.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            var changed = settings.Changed;
            var next = NextAfter(await PassAsync(stoppingToken));
            await announcer.SayAsync(ServiceActivity.Idle, next);
            GiveBack();
            await UntilAsync(next, changed, stoppingToken);
        }

        await announcer.SayAsync(ServiceActivity.Stopped, null);
    }

    /// <returns>False where the pass could not even look at the engine.</returns>
    private async Task<bool> PassAsync(CancellationToken ct)
    {
        try
        {
            return await passage.TakeAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return true;
        }
        catch (EnvironmentException fault)
        {
            Away(logger, fault.Message);
            return false;
        }
#pragma warning disable CA1031 // A service that ends at one odd answer keeps nothing up to date.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Unexpected(logger, fault);
            return true;
        }
    }

    /// <summary>
    /// Left alone, the collector lets the garbage of many passes grow to its budget, which follows the processor's cache
    /// and may be a hundred megabytes. Nothing is urgent between two passes.
    /// </summary>
    private static void GiveBack() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private DateTimeOffset NextAfter(bool looked)
    {
        var schedule = new Schedule(settings.Current.Check);
        var (now, dice) = (time.GetUtcNow(), Random.Shared.NextDouble());
        return looked ? schedule.Next(now, dice) : schedule.Retry(now, dice);
    }

    /// <summary>New settings are tried at once: whoever changed them is watching.</summary>
    private async Task UntilAsync(DateTimeOffset next, CancellationToken changed, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(changed, stopping);
        try
        {
            await Waiting.UntilAsync(next, time, either.Token);
        }
        catch (OperationCanceledException)
        {
        }
    }

    [LoggerMessage(5011, LogLevel.Warning, "Could not look: {Problem}; trying again soon")]
    private static partial void Away(ILogger logger, string problem);

    [LoggerMessage(5012, LogLevel.Error, "A cycle met an unexpected fault; the next one comes as usual")]
    private static partial void Unexpected(ILogger logger, Exception fault);
}
