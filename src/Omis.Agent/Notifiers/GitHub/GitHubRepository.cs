using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Omis.Agent.Notifiers.GitHub;

/// <summary>GitHub tells neither owners nor repositories apart by case, so both are in lower case.</summary>
internal sealed partial record GitHubRepository(string Owner, string Name)
{
    public string Path => $"repos/{Owner}/{Name}";

    /// <param name="host">Of the pages, as images name them.</param>
    /// <returns>Null where the address is no repository of that host.</returns>
    public static GitHubRepository? Of(Uri source, string host) =>
        string.Equals(source.Host, host, StringComparison.OrdinalIgnoreCase) && Slug().Match(source.AbsolutePath) is { Success: true } match
            ? new(Lower(match.Groups["owner"].Value), Lower(match.Groups["name"].Value))
            : null;

    public override string ToString() => $"{Owner}/{Name}";

    private static string Lower(string text) => text.ToLowerInvariant();

    [GeneratedRegex(@"^/(?<owner>[A-Za-z0-9][A-Za-z0-9-]{0,38})/(?<name>[A-Za-z0-9._-]{1,100}?)(?:\.git)?(?:/|$)")]
    private static partial Regex Slug();
}

/// <summary>Which repositories are told. Base images name repositories of others, whom nobody here may write to.</summary>
/// <param name="Entries"><c>OWNER/NAME</c> or <c>OWNER/*</c>; empty for all that a GitHub App is installed in.</param>
internal sealed partial record GitHubScope(ImmutableArray<string> Entries)
{
    /// <summary>Those that are named one by one.</summary>
    public IEnumerable<GitHubRepository> Named => Entries.Where(entry => !entry.EndsWith("/*", StringComparison.Ordinal)).Select(entry => new GitHubRepository(entry.Split('/')[0], entry.Split('/')[1]));

    public static GitHubScope Parse(string? text) => new([.. (text ?? "").ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]);

    public static bool IsRight(string text) => text.Split(',').All(entry => Entry().IsMatch(entry.Trim()));

    public bool Has(GitHubRepository repository) => Entries.IsEmpty || Entries.Any(entry => entry == repository.ToString() || entry == $"{repository.Owner}/*");

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9-]{0,38}/(?:\*|[A-Za-z0-9._-]{1,100})\z")]
    private static partial Regex Entry();
}
