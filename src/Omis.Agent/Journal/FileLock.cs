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
        catch (IOException fault) when ((fault.HResult & 0xFFFF) is LinuxWouldBlock or DarwinWouldBlock or WindowsSharingViolation)
        {
            return null;
        }
    }
}
