using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Hosting;

namespace Omis.Agent.Tests.Hosting;

public sealed class WaitingTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void It_ends_at_the_moment_and_not_before()
    {
        var wait = Waiting.UntilAsync(time.GetUtcNow().AddMinutes(5), time, CancellationToken.None);

        Pass(minutes: 4);
        Assert.False(wait.IsCompleted);
        Pass(minutes: 1);
        Assert.True(wait.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_moment_that_is_over_is_not_waited_for() =>
        Assert.True(Waiting.UntilAsync(time.GetUtcNow().AddMinutes(-1), time, CancellationToken.None).IsCompletedSuccessfully);

    [Fact]
    public async Task A_moment_beyond_what_a_timer_holds_can_be_waited_for()
    {
        using var stop = new CancellationTokenSource();
        var wait = Waiting.UntilAsync(DateTimeOffset.MaxValue, time, stop.Token);

        Pass(minutes: 3);
        Assert.False(wait.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public void A_clock_that_steps_back_an_hour_does_not_add_an_hour()
    {
        var stepping = new SteppingTime(time);
        var wait = Waiting.UntilAsync(stepping.GetUtcNow().AddMinutes(5), stepping, CancellationToken.None);

        stepping.Step = TimeSpan.FromHours(-1);
        Pass(minutes: 5);

        Assert.True(wait.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_clock_that_steps_forward_is_noticed_within_a_minute()
    {
        var stepping = new SteppingTime(time);
        var wait = Waiting.UntilAsync(stepping.GetUtcNow().AddHours(5), stepping, CancellationToken.None);

        stepping.Step = TimeSpan.FromHours(6);
        Pass(minutes: 1);

        Assert.True(wait.IsCompletedSuccessfully);
    }

    /// <summary>Minute by minute, so that each timer that one sets when another ends is set in time.</summary>
    private void Pass(int minutes)
    {
        for (var i = 0; i < minutes; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>The wall clock is set; timers and timestamps go on as they were.</summary>
    private sealed class SteppingTime(TimeProvider inner) : TimeProvider
    {
        public TimeSpan Step { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Step;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => inner.CreateTimer(callback, state, dueTime, period);
    }
}
