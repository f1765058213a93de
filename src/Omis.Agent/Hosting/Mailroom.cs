using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;
using Omis.Agent.Notifiers;

namespace Omis.Agent.Hosting;

/// <summary>
/// Delivers notices for as long as the service runs, each channel on its own: a broken one holds up neither a rollout nor
/// another channel. One process at a time delivers.
/// </summary>
internal sealed partial class Mailroom(LiveSettings settings, Memory memory, TimeProvider time, ILoggerFactory logging) : BackgroundService
{
    /// <summary>What another process has put into the outbox is seen as late as that.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(5);

    /// <summary>For what is told in the last moment of a process; the rest stays for the next.</summary>
    private static readonly TimeSpan LastCall = TimeSpan.FromSeconds(5);

    private readonly ILogger logger = logging.CreateLogger<Mailroom>();
    private TaskCompletionSource bell = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Something is in the outbox.</summary>
    public void Ring() => Interlocked.Exchange(ref bell, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>For a process that ends after one cycle. Where a service runs, that one delivers.</summary>
    public static async Task DrainAsync(AgentSettings settings, Memory memory, TimeProvider time, ILoggerFactory logging)
    {
        if (settings.Notify.Channels.IsEmpty)
        {
            return;
        }

        var logger = logging.CreateLogger<Mailroom>();
        try
        {
            using var alone = memory.OutboxLock.TryTake();
            if (alone is not null)
            {
                using var desk = new Desk(settings, memory, time, logging);
                using var late = new CancellationTokenSource(LastCall, time);
                await Task.WhenAll(desk.Deliverers.Select(deliverer => RoundAsync(deliverer, logger, late.Token)));
            }
        }
        catch (EnvironmentException fault)
        {
            NotNow(logger, fault.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            // Both change together; who sees new settings too early sees them once more.
            var changed = settings.Changed;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(changed, stoppingToken);
            await ServeAsync(settings.Current, either.Token);
        }

        await DrainAsync(settings.Current, memory, time, logging);
    }

    /// <summary>Until the token: with these settings, and alone.</summary>
    private async Task ServeAsync(AgentSettings now, CancellationToken ct)
    {
        if (now.Notify.Channels.IsEmpty)
        {
            await UntilAsync(Task.Delay(Timeout.InfiniteTimeSpan, time, ct));
            return;
        }

        while (!ct.IsCancellationRequested)
        {
            try
            {
                using var alone = memory.OutboxLock.TryTake();
                if (alone is not null)
                {
                    using var desk = new Desk(now, memory, time, logging);
                    await Task.WhenAll(desk.Deliverers.Select(deliverer => LoopAsync(deliverer, ct)).Append(TidyAsync(now, ct)));
                }
            }
            catch (EnvironmentException fault)
            {
                NotNow(logger, fault.Message);
            }

            await UntilAsync(Task.Delay(Glance, time, ct));
        }
    }

    private async Task LoopAsync(Deliverer deliverer, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            // Taken before the round: what comes during it rings this one.
            var rung = Volatile.Read(ref bell).Task;
            await RoundAsync(deliverer, logger, ct);
            await WaitAsync(rung, ct);
        }
    }

    private async Task WaitAsync(Task rung, CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(rung, Task.Delay(Glance, time, over.Token));
        await over.CancelAsync();
    }

    private async Task TidyAsync(AgentSettings now, CancellationToken ct)
    {
        var known = now.Notify.Channels.Select(channel => channel.Name).ToImmutableHashSet();
        while (!ct.IsCancellationRequested)
        {
            await UntilAsync(TidyAsync(known, now.Notify.Keep, ct));
            await UntilAsync(Task.Delay(TimeSpan.FromHours(1), time, ct));
        }
    }

    private async Task TidyAsync(ImmutableHashSet<string> known, TimeSpan keep, CancellationToken ct)
    {
        foreach (var backlog in (await memory.Outbox.BacklogAsync(ct)).Where(backlog => !known.Contains(backlog.Channel)))
        {
            Unknown(logger, backlog.Channel, backlog.Waiting);
            await Deliverer.DropOldAsync(memory.Outbox, backlog.Channel, keep, time, logger, ct);
        }
    }

    private static async Task RoundAsync(Deliverer deliverer, ILogger logger, CancellationToken ct)
    {
        try
        {
            await deliverer.DeliverDueAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
        catch (EnvironmentException fault)
        {
            NotNow(logger, fault.Message);
        }
    }

    private async Task UntilAsync(Task wait)
    {
        try
        {
            await wait;
        }
        catch (OperationCanceledException)
        {
        }
        catch (EnvironmentException fault)
        {
            NotNow(logger, fault.Message);
        }
    }

    [LoggerMessage(5061, LogLevel.Warning, "Notices cannot be delivered now: {Problem}")]
    private static partial void NotNow(ILogger logger, string problem);

    [LoggerMessage(5062, LogLevel.Warning, "{Count} notices wait for channel {Channel}, which is not configured; they go when they are too old")]
    private static partial void Unknown(ILogger logger, string channel, int count);

    /// <summary>The channels of one config, with what they work with.</summary>
    private sealed class Desk : IDisposable
    {
        private readonly Poster poster;

        public Desk(AgentSettings settings, Memory memory, TimeProvider time, ILoggerFactory logging)
        {
            poster = new Poster(time);
            var host = settings.Notify.Host ?? Environment.MachineName;
            var tools = new NotifierTools(poster, host, time) { Logger = logging.CreateLogger<NotifierTools>() };
            var wording = new Core.Notifying.Wording(host, settings.Notify.Template, Secrets.Of(settings));
            Deliverers =
            [
                .. settings.Notify.Channels.Select(channel => new Deliverer(
                    new Core.Notifying.Channel(channel.Name, channel.Rules), Composition.Notifiers.Make(channel, tools), wording, settings.Notify.Keep, memory.Outbox, time, logging.CreateLogger<Deliverer>())),
            ];
        }

        public ImmutableArray<Deliverer> Deliverers { get; }

        public void Dispose() => poster.Dispose();
    }
}
