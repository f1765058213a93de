using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>A registry's own account of who asked it for what: the judge of how many requests the agent makes.</summary>
public sealed partial class AccessLog(Uri registry, Func<Task<string>> text)
{
    /// <summary>Every request for a repository so far, in order.</summary>
    public async Task<ImmutableArray<RegistryRequest>> OfAsync(string repository) =>
        [.. (await ReadAsync()).Where(request => request.Repository == repository)];

    public async Task<ImmutableArray<RegistryRequest>> UnderAsync(string prefix) =>
        [.. (await ReadAsync()).Where(request => request.Repository.StartsWith(prefix, StringComparison.Ordinal))];

    private async Task<IReadOnlyList<RegistryRequest>> ReadAsync()
    {
        // A line is written just after its answer was sent: once this mark is there, so are the lines of all that was answered before.
        var mark = "mark-" + Guid.NewGuid();
        using var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator });
        using var response = await http.GetAsync(new Uri(registry, $"/v2/{mark}/tags/list"));
        var written = await Eventually.GetAsync("the registry's access log is written", async () =>
            await text() is var lines && lines.Contains(mark, StringComparison.Ordinal) ? lines : null);
        return [.. written.Split('\n').Select(Parse).OfType<RegistryRequest>()];
    }

    private static RegistryRequest? Parse(string line) => Line().Match(line) is { Success: true } match
        ? new RegistryRequest(match.Groups["method"].Value, match.Groups["repo"].Value, match.Groups["kind"].Value, match.Groups["ref"].Value, int.Parse(match.Groups["status"].ValueSpan, null), match.Groups["agent"].Value)
        : null;

    [GeneratedRegex("""
        "(?<method>[A-Z]+) /v2/(?<repo>[^ ]+)/(?<kind>manifests|blobs|tags)/(?<ref>[^ ?]+)[^ ]* HTTP/[0-9.]+" (?<status>[0-9]+) [0-9]+ "[^"]*" "(?<agent>[^"]*)"
        """)]
    private static partial Regex Line();
}

/// <param name="Kind">manifests, blobs or tags.</param>
/// <param name="Reference">A tag or a digest.</param>
/// <param name="UserAgent">Who asked.</param>
public sealed record RegistryRequest(string Method, string Repository, string Kind, string Reference, int Status, string UserAgent)
{
    public bool IsTheAgents => UserAgent.StartsWith("omis-agent/", StringComparison.Ordinal);

    /// <summary>A question which digest a reference has, or for the manifest itself.</summary>
    public bool AsksManifest => Kind == "manifests" && Method is "HEAD" or "GET";

    public bool PullsManifest => Kind == "manifests" && Method == "GET";

    public bool PullsBlob => Kind == "blobs" && Method == "GET";
}
