using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Journal;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Journal;

/// <summary>A state directory of a test's own, in a folder that goes with it; optionally a file system of its own.</summary>
internal sealed class StateFolder : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("omis-state-").FullName;
    private readonly List<StateDatabase> opened = [];
    private bool mounted;

    public FakeTimeProvider Time { get; } = new(Some.Moment);

    public ListLogger<StateDatabase> Logger { get; } = new();

    public string Where => Path.Combine(root, "state");

    public string Database => Path.Combine(Where, "omis-agent.db");

    public StateDatabase Open() => Keep(StateDatabase.Open(Where, Time, Logger));

    public StateDatabase OpenForReading() => Keep(StateDatabase.OpenForReading(Where, Time, Logger));

    public string[] Files() => [.. Directory.EnumerateFileSystemEntries(Where).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    /// <summary>Closes every database, as the end of the process would.</summary>
    public void CloseAll()
    {
        opened.ForEach(database => database.Dispose());
        opened.Clear();
    }

    /// <summary>Skips the test where mounting is not allowed.</summary>
    public StateFolder OnTinyDisk(string size)
    {
        Directory.CreateDirectory(Where);
        Assert.SkipUnless(OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", Where), "needs the right to mount a small file system");
        mounted = true;
        return this;
    }

    public void Remount(string options) => Assert.True(Run("mount", "-o", $"remount,{options}", Where));

    public void Dispose()
    {
        CloseAll();
        if (mounted)
        {
            Run("umount", Where);
        }

        Directory.Delete(root, recursive: true);
    }

    private StateDatabase Keep(StateDatabase database)
    {
        opened.Add(database);
        return database;
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
