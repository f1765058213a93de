namespace Omis.Agent.Journal;

/// <summary>An exclusive lock on a file, which the kernel releases when its holder dies. The file itself stays.</summary>
internal static class FileLock
{
    private const int LinuxWouldBlock = 11;
    private const int DarwinWouldBlock = 35;
    private const int WindowsSharingViolation = 32;

    /// <returns>The lock, or null when another holds it.</returns>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return PrivateFiles.Open(path, FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException fault) when (IsTaken(fault))
        {
            return null;
        }
    }

    /// <summary>Creates nothing. A file that cannot be read is taken for free: this only informs.</summary>
    public static bool IsHeld(string path)
    {
        try
        {
            // A reader asks for a shared lock, which an exclusive one does not allow.
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
            return false;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return IsTaken(fault);
        }
    }

    private static bool IsTaken(Exception fault) =>
        fault is IOException && (fault.HResult & 0xFFFF) is (LinuxWouldBlock or DarwinWouldBlock or WindowsSharingViolation);
}
