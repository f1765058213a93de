using System.Globalization;
using System.Text;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Journal;

/// <summary>Only one process rolls out at a time. A killed holder holds nothing: the lock goes with it.</summary>
public sealed class EngineLock(string directory)
{
    private readonly string path = Path.Combine(directory, "rollout.lock");

    /// <summary>Whether some process is rolling out at this moment. Creates nothing.</summary>
    public bool IsHeld => FileLock.IsHeld(path);

    /// <returns>The lock until disposed, or null when another process (or another part of this one) holds it.</returns>
    /// <exception cref="EnvironmentException"><see cref="ReasonCode.Disk"/>: the state directory cannot be used.</exception>
    public IDisposable? TryTake()
    {
        try
        {
            PrivateFiles.CreateDirectory(directory);
            var held = FileLock.TryTake(path) ?? Again();
            if (held is not null)
            {
                Sign(held);
            }

            return held;
        }
        catch (Exception fault) when (DiskFaults.Of(path, fault) is { } known)
        {
            throw known;
        }
    }

    /// <summary>Who asks whether it is held (<see cref="IsHeld"/>) holds it himself, for some microseconds.</summary>
    private FileStream? Again()
    {
        Thread.Sleep(20);
        return FileLock.TryTake(path);
    }

    /// <summary>For a person who wonders who holds it; nothing reads it back, so a full disk does not matter.</summary>
    private static void Sign(FileStream held)
    {
        try
        {
            // Past the stream's buffer, which would fail once more when the lock is let go.
            RandomAccess.SetLength(held.SafeFileHandle, 0);
            RandomAccess.Write(held.SafeFileHandle, Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"), 0);
        }
        catch (IOException)
        {
        }
    }
}
