using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Recording;
using Polly;
using Polly.Retry;

namespace Omis.Agent.Notifiers;

/// <summary>
/// Takes to one channel what waits for it. A channel that is away is tried again at growing intervals, or when it says; what
/// it does not want is tried again now and then, while others go on; what has grown too old is given up and recorded.
/// </summary>
internal sealed partial class Deliverer(Channel channel, INotifier notifier, Wording wording, TimeSpan keep, IOutbox outbox, TimeProvider time, ILogger logger)
{
    /// <summary>About a minute in all, then others of the channel have their turn.</summary>
    private const int Attempts = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    private readonly Lock guard = new();
    private bool failing;

    /// <summary>Until nothing is due any more.</summary>
    /// <exception cref="EnvironmentException">The outbox cannot be read or written.</exception>
    public async Task DeliverDueAsync(CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var waiting = await outbox.WaitingAsync(channel.Name, ct);
            var now = time.GetUtcNow();
            foreach (var old in waiting.Where(item => now - item.QueuedAt > keep))
            {
                await DropAsync(outbox, old, keep, now, logger);
            }

            if (NextUp.Of([.. waiting.Where(item => now - item.QueuedAt <= keep)], channel.Rules.Quiet, now) is not { } item)
            {
                return;
            }

            await DeliverAsync(item, ct);
        }
    }

    /// <summary>What waits for a channel that is configured no longer is kept as long, since a config may be mended.</summary>
    public static async Task DropOldAsync(IOutbox outbox, string channel, TimeSpan keep, TimeProvider time, ILogger logger, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        foreach (var old in (await outbox.WaitingAsync(channel, ct)).Where(item => now - item.QueuedAt > keep))
        {
            await DropAsync(outbox, old, keep, now, logger);
        }
    }

    private async Task DeliverAsync(OutboxItem item, CancellationToken ct)
    {
        var message = wording.Of(item.Notice);
        var reference = await outbox.ReferenceAsync(channel.Name, item.Notice.Stream, ct);
        var delivery = await Patience(item).ExecuteAsync(async token => await SendAsync(message, reference, token), ct);
        switch (delivery)
        {
            case Delivery.Accepted accepted:
                // It is there: a stop at this moment must not have it sent again.
                await outbox.DeliveredAsync(item, accepted.Reference, CancellationToken.None);
                Works();
                break;
            case Delivery.Away away:
                await outbox.PostponeAsync(item, time.GetUtcNow() + (away.RetryAfter ?? Pause(item.Attempts)), away.Problem, ct);
                break;
            case Delivery.Rejected rejected:
                await outbox.PostponeAsync(item, time.GetUtcNow() + LongestPause, rejected.Problem, ct);
                Fails(rejected.Problem);
                break;
        }
    }

    private async Task<Delivery> SendAsync(Message message, string? reference, CancellationToken ct)
    {
        try
        {
            return await notifier.SendAsync(message, reference, ct);
        }
#pragma warning disable CA1031 // A notifier that stumbles over one message must not end the delivery of all others.
        catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
        {
            // Not its message: it may hold the address.
            return new Delivery.Rejected($"unexpected {fault.GetType().Name}");
        }
    }

    private ResiliencePipeline<Delivery> Patience(OutboxItem item) =>
        new ResiliencePipelineBuilder<Delivery> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<Delivery>
            {
                MaxRetryAttempts = Attempts,
                Delay = FirstPause,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result is Delivery.Away && time.GetUtcNow() - item.QueuedAt <= keep),
                DelayGenerator = args => ValueTask.FromResult((args.Outcome.Result as Delivery.Away)?.RetryAfter),
                OnRetry = async args =>
                {
                    var problem = ((Delivery.Away)args.Outcome.Result!).Problem;
                    Fails(problem);
                    await outbox.PostponeAsync(item, time.GetUtcNow(), problem, args.Context.CancellationToken);
                },
            })
            .Build();

    private static TimeSpan Pause(int attempts)
    {
        var pause = TimeSpan.FromSeconds(30) * Math.Pow(2, Math.Min(attempts / Attempts, 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    private static async Task DropAsync(IOutbox outbox, OutboxItem item, TimeSpan keep, DateTimeOffset now, ILogger logger)
    {
        var why = item.Problem is { } problem ? $": {problem}" : "";
        var detail = $"{item.Channel}: notice {item.Notice.Id} was not delivered within {Durations.Text(keep)}{why}";
        await outbox.DropAsync(item, new RolloutRecord
        {
            Id = $"{item.Notice.Id}@{item.Channel}",
            Project = Subject(item.Notice),
            Kind = EntryKind.Notice,
            Trigger = Trigger.Poll,
            Outcome = Core.Recording.Outcome.Failed,
            Reason = new Reason(ReasonCode.NoticeDropped, detail),
            StartedAt = item.QueuedAt,
            EndedAt = now,
            Steps = [],
        }, CancellationToken.None);
        Dropped(logger, detail);
    }

    private static string Subject(Notice notice) => notice switch
    {
        Notice.Ended ended => ended.Record.Project,
        Notice.Begun started => started.Rollout.Project,
        _ => notice.Stream,
    };

    private void Fails(string problem)
    {
        lock (guard)
        {
            if (!failing)
            {
                Away(logger, channel.Name, problem);
            }

            failing = true;
        }
    }

    private void Works()
    {
        lock (guard)
        {
            if (failing)
            {
                Back(logger, channel.Name);
            }

            failing = false;
        }
    }

    [LoggerMessage(6001, LogLevel.Warning, "Channel {Channel} does not take notices: {Problem}; they are kept and tried again")]
    private static partial void Away(ILogger logger, string channel, string problem);

    [LoggerMessage(6002, LogLevel.Information, "Channel {Channel} takes notices again")]
    private static partial void Back(ILogger logger, string channel);

    [LoggerMessage(6003, LogLevel.Error, "A notice was given up: {Detail}")]
    private static partial void Dropped(ILogger logger, string detail);
}
