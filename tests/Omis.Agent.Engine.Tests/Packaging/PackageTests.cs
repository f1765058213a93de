using Omis.Agent.Testing;

namespace Omis.Agent.Engine.Tests.Packaging;

/// <summary>The packages of the binary that these tests drive: the same twice, whole, and as lintian wants them.</summary>
public sealed class PackageTests
{
    [Fact]
    public async Task Packages_come_out_the_same_twice_and_are_whole()
    {
        using var run = ChildProcess.Start(RepositoryFile.Of("packaging/check"), [DebianPackage.Published], new Dictionary<string, string?>(), "/");

        var result = (await run.EndAsync(TimeSpan.FromMinutes(5))).OrThrow();

        Assert.EndsWith("packages are well", result.Output.Trim(), StringComparison.Ordinal);
    }
}
