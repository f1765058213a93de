using System.Buffers;

namespace Omis.Agent.Registries.Credentials;

/// <summary>Where a helper is. Only whole paths of PATH count, so that nothing is started from whatever folder we are in.</summary>
internal static class HelperPath
{
    private static readonly SearchValues<char> InNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    public static string? Find(string helper, string? searchPath)
    {
        if (helper.Length is 0 or > 100 || helper.AsSpan().ContainsAnyExcept(InNames))
        {
            return null;
        }

        var name = $"docker-credential-{helper}{(OperatingSystem.IsWindows() ? ".exe" : "")}";
        return (searchPath ?? "").Split(Path.PathSeparator)
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string path) =>
        File.Exists(path)
        && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
