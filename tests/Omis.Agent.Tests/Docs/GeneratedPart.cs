using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Docs;

/// <summary>What code wrote into a document of this repository.</summary>
internal static class GeneratedPart
{
    /// <summary>The part between the marks equals the text; with OMIS_WRITE_DOCS=1 it is written so first.</summary>
    public static void IsIn(string path, string name, string text)
    {
        var (begin, end) = ($"<!-- generated: {name} -->\n", $"<!-- end: {name} -->");
        var whole = File.ReadAllText(RepositoryFile.Of(path));
        var (from, to) = (whole.IndexOf(begin, StringComparison.Ordinal), whole.IndexOf(end, StringComparison.Ordinal));
        Assert.True(from >= 0 && to > from, $"{path} has no part marked {begin.Trim()} … {end}");
        from += begin.Length;
        if (Environment.GetEnvironmentVariable("OMIS_WRITE_DOCS") == "1")
        {
            File.WriteAllText(RepositoryFile.Of(path), whole[..from] + text + whole[to..]);
            return;
        }

        Assert.True(whole[from..to] == text, $"{path}: the part '{name}' is not what the code says; run this test with OMIS_WRITE_DOCS=1");
    }
}
