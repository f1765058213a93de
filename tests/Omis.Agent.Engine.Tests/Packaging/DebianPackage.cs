using Omis.Agent.Testing;

namespace Omis.Agent.Engine.Tests.Packaging;

/// <summary>The real .deb of the binary that these tests drive, built once for all tests of this process.</summary>
public static class DebianPackage
{
    private static readonly Lazy<Task<string>> Folder = new(BuildAsync);

    /// <summary>The folder of a published binary. Where the tests drive another, the test is skipped: there is nothing to package.</summary>
    public static string Published
    {
        get
        {
            var folder = Path.GetDirectoryName(AgentHome.Binary)!;
            Assert.SkipUnless(File.Exists(Path.Combine(folder, "libe_sqlite3.so")) && !File.Exists(Path.Combine(folder, "omis-agent.dll")), "the agent is not a published one: set OMIS_AGENT_BINARY");
            return folder;
        }
    }

    public static async Task<string> CurrentAsync()
    {
        _ = Published;
        return Directory.EnumerateFiles(await Folder.Value, "omis-agent_*.deb").Single();
    }

    /// <summary>The same contents under a lower version.</summary>
    public static async Task<string> PreviousAsync()
    {
        var (current, folder) = (await CurrentAsync(), await Folder.Value);
        await RunAsync("sh", "-c", $"""
            dpkg-deb --raw-extract '{current}' '{folder}/previous' &&
            sed -i 's/^Version: .*/Version: 0.0.1/' '{folder}/previous/DEBIAN/control' &&
            dpkg-deb --root-owner-group -Zgzip -z1 --build '{folder}/previous' '{folder}/previous.deb'
            """);
        return Path.Combine(folder, "previous.deb");
    }

    private static async Task<string> BuildAsync()
    {
        var folder = Directory.CreateTempSubdirectory("omis-deb-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        await RunAsync(RepositoryFile.Of("packaging/build"), folder, "--from", Published, "--deb-only");
        return folder;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var run = ChildProcess.Start(program, arguments, new Dictionary<string, string?>(), "/");
        (await run.EndAsync(TimeSpan.FromMinutes(5))).OrThrow();
    }
}
