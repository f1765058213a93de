using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;

namespace Omis.Agent.Tests.Hosting;

public sealed class OrdersTests
{
    private static readonly RolloutEvent.Began Began = new(new RolloutHeader { Id = "1", Project = "shop", Trigger = Trigger.Poll, StartedAt = default, Steps = [] });

    private readonly Orders orders = new();

    [Fact]
    public async Task One_waits_for_a_look_and_is_taken_after_it()
    {
        var order = Order();
        orders.Place(order);
        await orders.WaitAsync(CancellationToken.None);
        orders.Reopen();

        Assert.Same(order, orders.Take());
        Assert.Null(orders.Take());
        Assert.False(orders.WaitAsync(CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task Those_who_wait_are_sent_away_when_a_rollout_begins_and_nobody_may_come_before_it_is_over()
    {
        var waits = Order();
        orders.Place(waits);

        orders.Report(Began);

        await Assert.ThrowsAsync<BusyException>(() => waits.Report);
        Assert.Throws<BusyException>(() => orders.Place(Order()));
        orders.Reopen();
        orders.Place(Order());
    }

    [Fact]
    public void Who_has_gone_is_passed_over()
    {
        using var gone = new CancellationTokenSource();
        orders.Place(Order(gone.Token));
        var next = Order();
        orders.Place(next);
        gone.Cancel();

        Assert.Same(next, orders.Take());
    }

    [Fact]
    public async Task A_service_that_ends_begins_nothing()
    {
        var waits = Order();
        orders.Place(waits);

        orders.Close();

        await Assert.ThrowsAsync<StoppingException>(() => waits.Report);
        Assert.Throws<StoppingException>(() => orders.Place(Order()));
    }

    [Fact]
    public void So_many_may_wait_and_no_more()
    {
        foreach (var _ in Enumerable.Range(0, 16))
        {
            orders.Place(Order());
        }

        Assert.Throws<BusyException>(() => orders.Place(Order()));
    }

    private static Order Order(CancellationToken gone = default) => new(new CycleRequest { Depth = CycleDepth.Rollout }, Unwatched.Instance, gone);
}
