using System.Text.RegularExpressions;

namespace Omis.Agent.Configuration;

/// <summary>The regular expression that an HTTP probe's answer must match.</summary>
internal static class BodyPattern
{
    private const int LongestPattern = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Linear in the answer's length where the pattern allows it; bounded by a timeout where it looks around or back.</summary>
    /// <returns>Null where the pattern is none.</returns>
    public static Regex? TryCompile(string pattern)
    {
        if (pattern.Length > LongestPattern)
        {
            return null;
        }

        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Patience);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, Patience);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
