namespace Omis.Agent.Testing;

/// <summary>A file of this repository, wherever it was built.</summary>
public static class RepositoryFile
{
    // Looked for from the tests' own folder: in a build with mapped paths, no source says where it lay.
    private static readonly string Root = Above(AppContext.BaseDirectory);

    public static string Of(string path) => Path.Combine(Root, path);

    private static string Above(string folder) =>
        File.Exists(Path.Combine(folder, "Omis.Agent.sln"))
            ? folder
            : Above(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has an Omis.Agent.sln."));
}
