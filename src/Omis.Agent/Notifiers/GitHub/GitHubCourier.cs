using System.Text.Json.Nodes;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Notifiers.Sources;

namespace Omis.Agent.Notifiers.GitHub;

/// <summary>One request to GitHub's REST API, and what its refusals mean. Source: docs.github.com/rest/using-the-rest-api.</summary>
/// <param name="root">With a slash in the end.</param>
internal sealed class GitHubCourier(Uri root, Poster poster)
{
    /// <summary>As GitHub asks for where a secondary limit says nothing. Source: docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api.</summary>
    private static readonly TimeSpan SecondaryLimit = TimeSpan.FromMinutes(1);

    /// <exception cref="ApiFaultException">GitHub did not do it.</exception>
    public async Task<JsonNode> AskAsync(HttpMethod method, string path, JsonObject? body, string token, CancellationToken ct)
    {
        var answer = await SendAsync(method, path, body, token, ct);
        return answer.Status is >= 200 and < 300 ? ApiJson.Parse(answer.Body) : throw new ApiFaultException(Fault(answer, path));
    }

    public Task<PostAnswer> SendAsync(HttpMethod method, string path, JsonObject? body, string token, CancellationToken ct) => poster.AskAsync(
        method,
        new Uri(root, path),
        body?.ToJsonString(),
        [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28"), ("Authorization", $"Bearer {token}")],
        ct);

    public static Delivery Fault(PostAnswer answer, string path) => answer.Status switch
    {
        403 or 429 when answer.RetryAfter is not null => new Delivery.Away(answer.Text("its limit of requests"), answer.RetryAfter),
        403 or 429 when answer.Body.Contains("rate limit", StringComparison.OrdinalIgnoreCase) => new Delivery.Away(answer.Text("its limit of requests"), SecondaryLimit),
        401 => new Delivery.Rejected(answer.Text("it does not take the token or the app's signature; see that they are current, and that this machine's clock is right")),
        403 => new Delivery.Rejected(answer.Text($"{Place(path)}: this is not permitted; it needs deployments: write, and issues: write for issueOnRevert")),
        404 => new Delivery.Rejected(answer.Text($"{Place(path)}: it is not there, or the token or app has no access to it")),
        410 => new Delivery.Rejected(answer.Text($"{Place(path)}: it is switched off there")),
        422 => new Delivery.Rejected(answer.Text($"{Place(path)}: it does not take what was sent; most often the commit is not in that repository")),
        301 or 302 or 307 or 308 => new Delivery.Rejected(answer.Text($"{Place(path)}: it has another name now; see org.opencontainers.image.source in the image")),
        _ => answer.ToDelivery(),
    };

    /// <summary>The repository, and never what was asked for in it.</summary>
    private static string Place(string path) => path.Split('/', '?') is ["repos", var owner, var name, ..] ? $"{owner}/{name}" : "the API";
}
