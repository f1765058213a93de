namespace Omis.Agent.Hosting;

/// <summary>
/// Waits for a moment on the wall clock, looking at the clock again each minute: after a suspend, or when the clock
/// is set, one long timer would end at the wrong time.
/// </summary>
internal static class Waiting
{
    private static readonly TimeSpan Glance = TimeSpan.FromMinutes(1);

    /// <summary>Never waits longer than it was to be at first: a clock that steps back does not stop the checks.</summary>
    public static async Task UntilAsync(DateTimeOffset moment, TimeProvider time, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var whole = moment - time.GetUtcNow();
        while (Min(moment - time.GetUtcNow(), whole - time.GetElapsedTime(started)) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(Min(left, Glance), time, ct);
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
