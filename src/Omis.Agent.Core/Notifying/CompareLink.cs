using System.Text.RegularExpressions;
using Omis.Agent.Core.Applying;

namespace Omis.Agent.Core.Notifying;

/// <summary>Where the difference between two images' commits can be read, as the usual forges address it.</summary>
public static partial class CompareLink
{
    /// <returns>Null where the images do not say enough.</returns>
    public static string? Of(ImageOrigin? from, ImageOrigin? to) =>
        from?.Revision is { } old && to?.Revision is { } now && old != now && Commit().IsMatch(old) && Commit().IsMatch(now)
        && Repository(to.Source) is { } repository
            ? Address(repository, old, now)
            : null;

    private static Uri? Repository(string? source) =>
        Uri.TryCreate(source, UriKind.Absolute, out var uri) && uri is { Scheme: "https" or "http", UserInfo: "" } && uri.AbsolutePath.Length > 1 ? uri : null;

    private static string Address(Uri repository, string old, string now)
    {
        var path = repository.AbsolutePath.TrimEnd('/');
        var root = repository.GetLeftPart(UriPartial.Authority) + (path.EndsWith(".git", StringComparison.Ordinal) ? path[..^4] : path);
        return repository.Host switch
        {
            "dev.azure.com" => $"{root}/branchCompare?baseVersion=GC{old}&targetVersion=GC{now}",
            "bitbucket.org" => $"{root}/branches/compare/{now}..{old}",
            var host when host.Contains("gitlab", StringComparison.Ordinal) => $"{root}/-/compare/{old}...{now}",
            _ => $"{root}/compare/{old}...{now}",
        };
    }

    [GeneratedRegex("^[0-9A-Za-z._-]{4,100}\\z")]
    private static partial Regex Commit();
}
