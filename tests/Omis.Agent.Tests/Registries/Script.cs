using System.Diagnostics;

namespace Omis.Agent.Tests.Registries;

/// <summary>Programs that tests put on a PATH of their own.</summary>
internal static class Script
{
    /// <summary>
    /// Written by a shell, never by this process: a file that another test's new process inherited open for writing
    /// cannot be run.
    /// </summary>
    public static string Write(string folder, string name, string body)
    {
        var path = Path.Combine(folder, name);
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "cat > \"$0\" && chmod 755 \"$0\"", path]) { RedirectStandardInput = true })!;
        shell.StandardInput.Write("#!/bin/sh\n" + body + "\n");
        shell.StandardInput.Close();
        shell.WaitForExit();
        return path;
    }
}
