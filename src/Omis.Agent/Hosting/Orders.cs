using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Hosting;

/// <summary>
/// What the worker is asked for between two passes. An order waits for a look, which takes seconds, and not for a
/// rollout: whoever gives one wants to see what comes of it, and after a rollout that may be something else.
/// </summary>
internal sealed class Orders : IProgress<RolloutEvent>
{
    /// <summary>That many wait at once; more are a mistake.</summary>
    private const int Most = 16;

    private readonly Lock gate = new();
    private readonly Queue<Order> waiting = [];
    private TaskCompletionSource bell = NewBell();
    private bool rollsOut;
    private bool closed;

    /// <summary>Nothing happens after that any more.</summary>
    public Action OnClosed { get; init; } = () => { };

    /// <exception cref="BusyException">A rollout is going on, or too many wait.</exception>
    /// <exception cref="StoppingException">The service ends.</exception>
    public void Place(Order order)
    {
        lock (gate)
        {
            if (closed)
            {
                throw new StoppingException();
            }

            if (rollsOut || waiting.Count >= Most)
            {
                throw Busy();
            }

            waiting.Enqueue(order);
            bell.TrySetResult();
        }
    }

    /// <summary>Completes while one waits.</summary>
    public Task WaitAsync(CancellationToken ct)
    {
        lock (gate)
        {
            return bell.Task.WaitAsync(ct);
        }
    }

    /// <returns>Null where nobody waits any more.</returns>
    public Order? Take()
    {
        lock (gate)
        {
            Order? order = null;
            while (order is null && waiting.TryDequeue(out var next))
            {
                order = next.IsWanted ? next : null;
            }

            if (waiting.Count == 0)
            {
                bell = NewBell();
            }

            return order;
        }
    }

    /// <summary>With the first event of a rollout those who waited are sent away.</summary>
    public void Report(RolloutEvent value)
    {
        if (value is RolloutEvent.Began)
        {
            SendAway(Busy, () => rollsOut = true);
        }
    }

    /// <summary>The pass is over, with whatever it did.</summary>
    public void Reopen()
    {
        lock (gate)
        {
            rollsOut = false;
        }
    }

    public void Close()
    {
        SendAway(() => new StoppingException(), () => closed = true);
        OnClosed();
    }

    private void SendAway(Func<Exception> why, Action mark)
    {
        lock (gate)
        {
            mark();
            while (waiting.TryDequeue(out var order))
            {
                order.Fail(why());
            }

            bell = NewBell();
        }
    }

    private static BusyException Busy() => new("the service is rolling out on this engine; try again when it has ended");

    private static TaskCompletionSource NewBell() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
