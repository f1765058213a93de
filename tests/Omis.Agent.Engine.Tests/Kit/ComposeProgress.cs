using System.Text.RegularExpressions;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>Reads what `--dry-run --progress plain` says.</summary>
internal static partial class ComposeProgress
{
    /// <summary>Lines like "Container omis1-web-1 Recreate", once each; "Running" and the like change nothing and are left out.</summary>
    public static IReadOnlyList<string> Changes(string text) =>
        [.. Line().Matches(text).Select(match => $"{match.Groups["kind"].Value} {match.Groups["name"].Value} {match.Groups["verb"].Value}").Distinct()];

    [GeneratedRegex(@"(?<kind>Container|Network|Volume) (?<name>\S+)\s+(?<verb>Recreate|Creating|Starting|Stopping|Removing)\b")]
    private static partial Regex Line();
}
