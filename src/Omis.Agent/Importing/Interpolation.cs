using System.Text.RegularExpressions;

namespace Omis.Agent.Importing;

/// <summary>Fills in a compose file's variables. Source: compose spec, "Interpolation".</summary>
internal static partial class Interpolation
{
    /// <exception cref="ImportException">A variable is not set and has no default.</exception>
    public static string Of(string text, Func<string, string?> variable) => Grammar().Replace(text, match =>
    {
        if (match.Value == "$$")
        {
            return "$";
        }

        var (name, sign, other) = (match.Groups["name"].Value, match.Groups["sign"].Value, match.Groups["other"].Value);
        var value = variable(name);
        var isThere = value is not null && (value.Length > 0 || !sign.StartsWith(':'));
        return (isThere, sign.TrimStart(':')) switch
        {
            (true, "+") => other,
            (false, "+") => "",
            (true, _) => value!,
            (false, "-") => other,
            _ => throw new ImportException($"the file uses the variable {name}, which is set neither here nor in .env; set it, or put the value in its place"),
        };
    });

    [GeneratedRegex(@"\$\$|\$(?<name>[A-Za-z_][A-Za-z0-9_]*)|\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?:(?<sign>:?[-+?])(?<other>[^}]*))?\}")]
    private static partial Regex Grammar();
}
