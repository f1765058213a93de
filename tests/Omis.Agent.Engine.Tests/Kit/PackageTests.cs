namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>The packages of the binary that these tests drive: the same twice, whole, and as lintian wants them.</summary>
public sealed class PackageTests
{
    [Fact]
    public async Task Packages_come_out_the_same_twice_and_are_whole()
    {
        var published = Path.GetDirectoryName(AgentHome.Binary)!;
        Assert.SkipUnless(File.Exists(Path.Combine(published, "libe_sqlite3.so")) && !File.Exists(Path.Combine(published, "omis-agent.dll")), "the agent is not a published one: set OMIS_AGENT_BINARY");
        using var run = ChildProcess.Start(Script(), [published], new Dictionary<string, string?>(), "/");

        var result = (await run.EndAsync(TimeSpan.FromMinutes(5))).OrThrow();

        Assert.EndsWith("packages are well", result.Output.Trim(), StringComparison.Ordinal);
    }

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, "packaging", "check") is var script && File.Exists(script))
            {
                return script;
            }
        }

        throw new FileNotFoundException("packaging/check is not above " + AppContext.BaseDirectory);
    }
}
