using System.Runtime.CompilerServices;

namespace Omis.Agent.Tests.Docs;

/// <summary>A document of this repository, parts of which are generated.</summary>
internal static class RepositoryFile
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "..", "..", ".."));

    public static string Of(string path) => Path.Combine(Root, path);

    /// <summary>The part between the marks equals the text; with OMIS_WRITE_DOCS=1 it is written so first.</summary>
    public static void HoldsGenerated(string path, string name, string text)
    {
        var (begin, end) = ($"<!-- generated: {name} -->\n", $"<!-- end: {name} -->");
        var whole = File.ReadAllText(Of(path));
        var (from, to) = (whole.IndexOf(begin, StringComparison.Ordinal), whole.IndexOf(end, StringComparison.Ordinal));
        Assert.True(from >= 0 && to > from, $"{path} has no part marked {begin.Trim()} … {end}");
        from += begin.Length;
        if (Environment.GetEnvironmentVariable("OMIS_WRITE_DOCS") == "1")
        {
            File.WriteAllText(Of(path), whole[..from] + text + whole[to..]);
            return;
        }

        Assert.True(whole[from..to] == text, $"{path}: the part '{name}' is not what the code says; run this test with OMIS_WRITE_DOCS=1");
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
