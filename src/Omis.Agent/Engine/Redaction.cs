using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Omis.Agent.Engine;

/// <summary>Takes secrets out of log lines before they are kept: the container's own secret variables, and passwords in URLs.</summary>
internal static partial class Redaction
{
    private const string Mask = "***";

    /// <summary>Values of variables whose name speaks of a secret; short ones would mask ordinary words.</summary>
    public static ImmutableArray<string> SecretsOf(IEnumerable<string> environment) =>
    [
        .. environment.Select(variable => variable.Split('=', 2))
            .Where(pair => pair.Length == 2 && pair[1].Length >= 6 && SecretName().IsMatch(pair[0]))
            .Select(pair => pair[1]).OrderByDescending(value => value.Length),
    ];

    public static string Apply(string line, ImmutableArray<string> secrets) =>
        UrlPassword().Replace(secrets.Aggregate(line, (text, secret) => text.Replace(secret, Mask, StringComparison.Ordinal)), "$1:" + Mask + "@");

    [GeneratedRegex("pass|pwd|secret|token|key|credential|auth|dsn|connection|conn_?str|_url$|private", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"(://[^\s:/@]{1,256}):[^\s@/]{1,1024}@")]
    private static partial Regex UrlPassword();
}
