using System.Collections.Immutable;

namespace Omis.Agent.Core.Checking;

/// <summary>
/// Rung from outside whenever something was pushed, and answered by the service between two passes. What was rung is kept,
/// each image once, until it is taken: a hundred rings, or rings while a rollout runs, are one answer.
/// </summary>
public sealed class Bell(TimeProvider time)
{
    /// <summary>More different images than this are not remembered one by one: everything is looked at instead.</summary>
    public const int Most = 1000;

    /// <summary>Who rings again and again is answered after this many times the quiet that was asked for.</summary>
    private const int Patience = 5;

    private readonly Lock gate = new();
    private TaskCompletionSource rung = Silent();
    private ImmutableHashSet<ImageHint>? images = [];
    private long first;
    private long last;

    /// <param name="pushed">Null for everything.</param>
    public void Ring(IEnumerable<ImageHint>? pushed)
    {
        lock (gate)
        {
            images = pushed is null ? null : images?.Union(pushed);
            images = images?.Count > Most ? null : images;
            if (images is not { IsEmpty: true })
            {
                last = time.GetTimestamp();
                first = rung.TrySetResult() ? last : first;
            }
        }
    }

    /// <summary>Ends once it was rung and nothing more has come for a while, or more and more has for five times that while.</summary>
    public async Task WaitAsync(TimeSpan quiet, CancellationToken ct)
    {
        await Rung().WaitAsync(ct).ConfigureAwait(false);
        while (Left(quiet) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left, time, ct).ConfigureAwait(false);
        }
    }

    /// <summary>What was rung, and silence from then on.</summary>
    /// <returns>Null for everything.</returns>
    public ImmutableHashSet<ImageHint>? Take()
    {
        lock (gate)
        {
            (var taken, images, rung) = (images, [], Silent());
            return taken;
        }
    }

    private static TaskCompletionSource Silent() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task Rung()
    {
        lock (gate)
        {
            return rung.Task;
        }
    }

    private TimeSpan Left(TimeSpan quiet)
    {
        lock (gate)
        {
            var (sinceLast, sinceFirst) = (quiet - time.GetElapsedTime(last), (quiet * Patience) - time.GetElapsedTime(first));
            return sinceLast < sinceFirst ? sinceLast : sinceFirst;
        }
    }
}
