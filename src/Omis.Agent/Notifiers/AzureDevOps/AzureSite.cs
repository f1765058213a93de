namespace Omis.Agent.Notifiers.AzureDevOps;

/// <summary>
/// An organization of Azure DevOps, or a collection of a server of one's own. An organization has two addresses:
/// <c>dev.azure.com/NAME</c> and the older <c>NAME.visualstudio.com</c>.
/// </summary>
/// <param name="Api">With a slash in the end.</param>
/// <param name="Key">The same for both addresses of one organization.</param>
internal sealed record AzureSite(Uri Api, string Key)
{
    private const string Services = "dev.azure.com";
    private const string Older = ".visualstudio.com";

    public static AzureSite Of(Uri url)
    {
        var (key, _) = Split(url, own: null);
        return new AzureSite(new Uri(key.StartsWith(Services + "/", StringComparison.Ordinal) ? $"https://{key}/" : url.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/"), key);
    }

    /// <returns>What is wrong with it as an organization's address; null where nothing is.</returns>
    public static string? Problem(string url) =>
        new Uri(url) is { Host: Services } services && Segments(services) is not [_] ? "it names no organization; expected https://dev.azure.com/ORGANIZATION" : null;

    /// <returns>Null where the address is no repository of this organization.</returns>
    public AzureRepository? Repository(Uri source)
    {
        var (key, path) = Split(source, this);
        return key != Key ? null : path switch
        {
            [var project, "_git", var name, ..] => new AzureRepository(project, name),

            // The repository that is called as its project.
            ["_git", var name, ..] => new AzureRepository(name, name),
            _ => null,
        };
    }

    private static (string Key, string[] Path) Split(Uri url, AzureSite? own)
    {
        var (host, path) = (url.Host.ToLowerInvariant(), Segments(url));
        if (host == Services && path is [var organization, .. var rest])
        {
            return ($"{Services}/{organization.ToLowerInvariant()}", rest);
        }

        if (host.EndsWith(Older, StringComparison.Ordinal))
        {
            return ($"{Services}/{host[..^Older.Length]}", path is [var first, .. var others] && first.Equals("DefaultCollection", StringComparison.OrdinalIgnoreCase) ? others : path);
        }

        var collection = Math.Min(own is null ? path.Length : Segments(own.Api).Length, path.Length);
        return (string.Join('/', path[..collection].Select(segment => segment.ToLowerInvariant()).Prepend(host)), path[collection..]);
    }

    private static string[] Segments(Uri url) => [.. url.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
}

internal sealed record AzureRepository(string Project, string Name)
{
    public string Path => $"{Uri.EscapeDataString(Project)}/_apis/git/repositories/{Uri.EscapeDataString(Name)}";

    public override string ToString() => $"{Project}/{Name}";
}
