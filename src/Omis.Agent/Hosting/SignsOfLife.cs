namespace Omis.Agent.Hosting;

/// <summary>
/// Whether the worker gets on. With every sign of life it says how long it may now be silent, so that a long wait is told
/// from a hang. Counts in monotonic time: a clock that is set neither starts nor hides a hang.
/// </summary>
internal sealed class SignsOfLife(TimeProvider time)
{
    /// <summary>
    /// The longest silence within a pass: a container that takes its whole stop grace period. Registry and engine calls
    /// end by themselves long before, and pulls and samples are signs of life.
    /// </summary>
    public static readonly TimeSpan WithinPass = TimeSpan.FromHours(1);

    private readonly Lock turn = new();
    private long last = time.GetTimestamp();
    private TimeSpan silence = WithinPass;

    public bool Beats
    {
        get
        {
            lock (turn)
            {
                return time.GetElapsedTime(last) <= silence;
            }
        }
    }

    /// <param name="mayBeSilent">Until the next beat.</param>
    public void Beat(TimeSpan mayBeSilent)
    {
        lock (turn)
        {
            (last, silence) = (time.GetTimestamp(), mayBeSilent);
        }
    }
}
