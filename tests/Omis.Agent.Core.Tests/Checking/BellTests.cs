using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Core.Checking;

namespace Omis.Agent.Core.Tests.Checking;

public sealed class BellTests
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    private readonly CountingTime time = new();
    private readonly Bell bell;

    public BellTests() => bell = new Bell(time);

    [Fact]
    public async Task It_is_answered_once_nothing_more_has_come_for_a_while()
    {
        var wait = bell.WaitAsync(Quiet, CancellationToken.None);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(wait.IsCompleted);

        Ring("web");
        await PassAsync(1, wait);
        Ring("api");
        await PassAsync(1, wait);
        Assert.False(wait.IsCompleted);
        await PassAsync(1, wait);
        Assert.True(wait.IsCompletedSuccessfully);

        Assert.Equal("api web", Taken());
    }

    [Fact]
    public async Task A_hundred_rings_are_one_answer_that_names_each_image_once()
    {
        var wait = bell.WaitAsync(Quiet, CancellationToken.None);
        for (var i = 0; i < 100; i++)
        {
            Ring(i % 2 == 0 ? "web" : "api");
        }

        await PassAsync(2, wait);
        Assert.True(wait.IsCompletedSuccessfully);
        Assert.Equal("api web", Taken());

        time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(bell.WaitAsync(Quiet, CancellationToken.None).IsCompleted);
        Assert.Equal("", Taken());
    }

    [Fact]
    public async Task Who_never_stops_ringing_is_answered_all_the_same()
    {
        var wait = bell.WaitAsync(Quiet, CancellationToken.None);
        for (var second = 0; second < 10; second++)
        {
            Assert.False(wait.IsCompleted);
            Ring("web");
            await PassAsync(1, wait);
        }

        Assert.True(wait.IsCompletedSuccessfully);
    }

    [Fact]
    public void What_was_rung_while_nobody_listened_is_kept()
    {
        Ring("web");
        time.Advance(TimeSpan.FromMinutes(10));

        Assert.True(bell.WaitAsync(Quiet, CancellationToken.None).IsCompletedSuccessfully);
        Assert.Equal("web", Taken());
    }

    [Fact]
    public void More_images_than_it_remembers_mean_everything()
    {
        bell.Ring(Enumerable.Range(0, Bell.Most + 1).Select(number => Hint("n" + number)));
        Ring("web");
        Assert.Null(bell.Take());

        Ring("web");
        Assert.Equal("web", Taken());
    }

    [Fact]
    public void A_ring_for_nothing_is_none()
    {
        bell.Ring([]);

        Assert.False(bell.WaitAsync(TimeSpan.Zero, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task Who_waits_can_be_called_away_before_and_after_it_was_rung()
    {
        using var stop = new CancellationTokenSource();
        var before = bell.WaitAsync(Quiet, stop.Token);
        Ring("web");
        var after = bell.WaitAsync(Quiet, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => before);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => after);
        Assert.Equal("web", Taken());
    }

    private static ImageHint Hint(string name) => new("registry.test", name, null);

    private void Ring(string name) => bell.Ring([Hint(name)]);

    private string Taken() => string.Join(' ', bell.Take()!.Select(hint => hint.Repository).Order(StringComparer.Ordinal));

    /// <summary>Second by second, as long as it was rung; who waits sleeps again, or is through, before the next one.</summary>
    private async Task PassAsync(int seconds, Task wait)
    {
        for (var i = 0; i < seconds; i++)
        {
            await SettleAsync(wait);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await SettleAsync(wait);
    }

    /// <summary>What a timer sets off runs on other threads.</summary>
    private async Task SettleAsync(Task wait)
    {
        for (var ends = Environment.TickCount64 + 30_000; !wait.IsCompleted && time.Sleepers == 0;)
        {
            Assert.True(Environment.TickCount64 < ends, "whoever waits neither sleeps nor wakes");
            await Task.Yield();
        }
    }

    /// <summary>Knows how many wait for it.</summary>
    private sealed class CountingTime : FakeTimeProvider
    {
        private int sleepers;

        public int Sleepers => Volatile.Read(ref sleepers);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Counted(base.CreateTimer(callback, state, dueTime, period), () => Interlocked.Decrement(ref sleepers));
            Interlocked.Increment(ref sleepers);
            return timer;
        }

        private sealed class Counted(ITimer timer, Action ends) : ITimer
        {
            private int ended;

            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

            public void Dispose()
            {
                timer.Dispose();
                if (Interlocked.Exchange(ref ended, 1) == 0)
                {
                    ends();
                }
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
