using System.Diagnostics.CodeAnalysis;

namespace Omis.Agent.Configuration.Shapes;

/// <summary><c>passwordFile</c> names the file that holds <c>password</c>.</summary>
internal static class FileSuffix
{
    private const string Suffix = "File";

    public static string On(string name) => name + Suffix;

    /// <summary>False for a key with a dash before it: <c>X-File</c> is a header of its own.</summary>
    public static bool IsOn(string key, [NotNullWhen(true)] out string? name)
    {
        name = key.Length > Suffix.Length && key.EndsWith(Suffix, StringComparison.Ordinal) && key[^(Suffix.Length + 1)] != '-'
            ? key[..^Suffix.Length]
            : null;
        return name is not null;
    }
}
