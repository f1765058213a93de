using System.Text.RegularExpressions;

namespace Omis.Agent.Targets.Compose;

/// <summary>The names that containers have while a rollout runs.</summary>
internal static partial class RolloutNames
{
    public const string Parked = ".omis-parked";
    public const string New = ".omis-new";

    public static bool IsOurs(string name) => Ours().IsMatch(name);

    /// <summary>The name that the container had or is to have.</summary>
    public static string Plain(string name) => Ours().Replace(name, "");

    /// <summary>The name with a suffix, and a counter where that one is taken.</summary>
    public static async Task<string> FreeAsync(string name, string suffix, Func<string, Task<bool>> taken)
    {
        var candidate = name + suffix;
        for (var i = 2; await taken(candidate).ConfigureAwait(false); i++)
        {
            candidate = $"{name}{suffix}-{i}";
        }

        return candidate;
    }

    [GeneratedRegex(@"\.omis-(parked|new)(-[0-9]+)?\z")]
    private static partial Regex Ours();
}
