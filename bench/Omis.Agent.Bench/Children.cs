using System.Runtime.InteropServices;

namespace Omis.Agent.Bench;

/// <summary>CPU time, user and system, of all programs that this one started and that have ended.</summary>
internal static class Children
{
    private const int OfChildren = -1;

    public static TimeSpan CpuTime()
    {
        // struct rusage: seconds and microseconds of user time, the same of system time, then fourteen more numbers.
        var usage = new long[18];
        return GetUsage(OfChildren, usage) == 0
            ? TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3])
            : throw new InvalidOperationException("getrusage failed");
    }

    [DllImport("libc", EntryPoint = "getrusage")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetUsage(int who, [Out] long[] usage);
}
