using System.Text.RegularExpressions;

namespace Omis.Agent.Configuration.Shapes;

/// <summary><c>${NAME}</c> takes from the environment; <c>$${</c> stands for <c>${</c>.</summary>
internal static partial class Variables
{
    /// <summary>Null, and reported, where a variable is not set.</summary>
    public static string? Expand(Found found, string text)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
        {
            return text;
        }

        var errors = found.Reading.Errors.Count;
        var expanded = Reference().Replace(text, match => match.Value == "$${" ? "${" : Value(found, match.Groups["name"]));
        return found.Reading.Errors.Count == errors ? expanded : null;
    }

    private static string Value(Found found, Group name)
    {
        if (!name.Success)
        {
            found.Fail("'${' begins no variable; expected ${NAME}, or $${ for the characters themselves");
        }
        else if (found.Reading.Environment.TryGetValue(name.Value, out var value))
        {
            return value;
        }
        else
        {
            found.Fail($"the environment variable {name.Value} is not set; set it, or write $${{ for the characters ${{");
        }

        return "";
    }

    [GeneratedRegex(@"\$\$\{|\$\{(?:(?<name>[A-Za-z_][A-Za-z0-9_]*)\})?")]
    private static partial Regex Reference();
}
