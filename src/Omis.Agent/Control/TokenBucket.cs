namespace Omis.Agent.Control;

/// <summary>So many at once, and so many a second in the long run.</summary>
internal sealed class TokenBucket(double most, double perSecond, TimeProvider time)
{
    private readonly Lock gate = new();
    private double spent;
    private long filled = time.GetTimestamp();

    /// <returns>Null where one was left; otherwise how long until the next one.</returns>
    public TimeSpan? Take()
    {
        lock (gate)
        {
            var wait = Wait();
            spent += wait is null ? 1 : 0;
            return wait;
        }
    }

    /// <summary>As <see cref="Take"/>, and leaves it there.</summary>
    public TimeSpan? Look()
    {
        lock (gate)
        {
            return Wait();
        }
    }

    private TimeSpan? Wait()
    {
        var now = time.GetTimestamp();
        spent = Math.Max(0, spent - (perSecond * time.GetElapsedTime(filled, now).TotalSeconds));
        filled = now;
        return spent + 1 <= most ? null : TimeSpan.FromSeconds((spent + 1 - most) / perSecond);
    }
}
