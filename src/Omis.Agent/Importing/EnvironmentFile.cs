namespace Omis.Agent.Importing;

/// <summary>A file of variables, as <c>--env-file</c>, <c>env_file</c> and <c>.env</c> have it.</summary>
internal static class EnvironmentFile
{
    /// <returns>Each as <c>NAME=VALUE</c>, or <c>NAME</c> alone.</returns>
    public static IEnumerable<string> Lines(string text) =>
        text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.StartsWith("export ", StringComparison.Ordinal) ? line[7..] : line)
            .Select(line => line.Split('=', 2) is [var name, var value] ? $"{name.Trim()}={Unquoted(value.Trim())}" : line);

    private static string Unquoted(string value) =>
        value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[1..^1] : value;
}
