using Omis.Agent.Core.Naming;

namespace Omis.Agent.Journal;

/// <summary>Only one process at a time delivers what waits, so that nothing is sent by two. A killed holder holds nothing.</summary>
public sealed class OutboxLock(string directory)
{
    private readonly string path = Path.Combine(directory, "notices.lock");

    /// <returns>The lock until disposed, or null where another process delivers.</returns>
    /// <exception cref="EnvironmentException"><see cref="ReasonCode.Disk"/>: the state directory cannot be used.</exception>
    public IDisposable? TryTake()
    {
        try
        {
            PrivateFiles.CreateDirectory(directory);
            return FileLock.TryTake(path);
        }
        catch (Exception fault) when (DiskFaults.Of(path, fault) is { } known)
        {
            throw known;
        }
    }
}
