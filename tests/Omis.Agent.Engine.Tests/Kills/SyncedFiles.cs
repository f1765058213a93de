using System.Globalization;

namespace Omis.Agent.Engine.Tests.Kills;

/// <summary>
/// What of an agent's state directory is on the disk for sure: a library between the agent and libc copies each file
/// whenever it is synced, so that the power can fail at any moment.
/// </summary>
internal sealed class SyncedFiles : IDisposable
{
    private static readonly Lazy<Task<string>> Library = new(BuildAsync);

    private readonly DirectoryInfo copies = Directory.CreateTempSubdirectory("omis-synced-");
    private readonly AgentHome home;

    private SyncedFiles(AgentHome home) => this.home = home;

    public static async Task<SyncedFiles> WatchAsync(AgentHome home)
    {
        var files = new SyncedFiles(home);
        home.Environment["LD_PRELOAD"] = await Library.Value;
        home.Environment["OMIS_SYNCED_OF"] = home.StateDirectory;
        home.Environment["OMIS_SYNCED_TO"] = files.copies.FullName;
        return files;
    }

    /// <summary>The next agents die at that sync, counted from 1: negative before it, positive after it, 0 never.</summary>
    public void KillAt(int sync) => home.Environment["OMIS_SYNCED_KILL"] = sync.ToString(CultureInfo.InvariantCulture);

    /// <summary>The power fails: what was written and not synced is gone.</summary>
    public void Lose()
    {
        foreach (var file in Directory.GetFiles(home.StateDirectory))
        {
            File.Delete(file);
        }

        foreach (var copy in copies.GetFiles().Where(copy => copy.Extension != ".part"))
        {
            copy.CopyTo(Path.Combine(home.StateDirectory, copy.Name));
        }
    }

    public void Dispose() => copies.Delete(recursive: true);

    private static async Task<string> BuildAsync()
    {
        var library = Path.Combine(Directory.CreateTempSubdirectory("omis-synced-lib-").FullName, "synced.so");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Path.GetDirectoryName(library)!, recursive: true);
        var source = Path.Combine(AppContext.BaseDirectory, "Kills", "synced.c");
        using var gcc = ChildProcess.Start("gcc", ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], new Dictionary<string, string?>(), "/");
        (await gcc.EndAsync(TimeSpan.FromMinutes(1))).OrThrow();
        return library;
    }
}
