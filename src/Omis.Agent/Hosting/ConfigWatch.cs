namespace Omis.Agent.Hosting;

/// <summary>
/// Tells when the config has changed and has stayed so over two looks, so that nothing half written is read. It looks at
/// contents: a file that is renamed into place, a link that points elsewhere and a new fragment are all the same to it,
/// and a file that is merely touched is none.
/// </summary>
internal sealed class ConfigWatch : IDisposable
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(2);

    private readonly Func<string> fingerprint;
    private readonly Action changed;
    private readonly ITimer timer;
    private string known;
    private string? pending;

    /// <param name="changed">Called on a thread of the pool, never twice at once.</param>
    public ConfigWatch(Func<string> fingerprint, Action changed, TimeProvider time)
    {
        (this.fingerprint, this.changed, known) = (fingerprint, changed, fingerprint());
        timer = time.CreateTimer(_ => Look(), null, Glance, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => timer.Dispose();

    private void Look()
    {
        var now = fingerprint();
        if (now != known && now == pending)
        {
            (known, pending) = (now, null);
            changed();
        }
        else
        {
            pending = now == known ? null : now;
        }

        timer.Change(Glance, Timeout.InfiniteTimeSpan);
    }
}
