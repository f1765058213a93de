using System.Text.Json.Nodes;
using Omis.Agent.Notifiers.Sources;

namespace Omis.Agent.Notifiers.GitHub;

/// <summary>A repository, as one of those who may write to it.</summary>
internal sealed class GitHubApi(GitHubCourier courier, IGitHubAccess access)
{
    public async Task<bool> MayAskAsync(GitHubRepository repository, CancellationToken ct) => await access.TokenAsync(repository, ct) is not null;

    public Task<JsonNode> GetAsync(GitHubRepository repository, string path, CancellationToken ct) => AskAsync(HttpMethod.Get, repository, path, null, ct);

    public Task<JsonNode> PostAsync(GitHubRepository repository, string path, JsonObject body, CancellationToken ct) => AskAsync(HttpMethod.Post, repository, path, body, ct);

    /// <exception cref="ApiFaultException">GitHub did not do it.</exception>
    private async Task<JsonNode> AskAsync(HttpMethod method, GitHubRepository repository, string path, JsonObject? body, CancellationToken ct)
    {
        var token = await access.TokenAsync(repository, ct) ?? throw new InvalidOperationException("asked about a repository that nobody may ask about");
        var full = $"{repository.Path}/{path}";
        var answer = await courier.SendAsync(method, full, body, token, ct);
        if (answer.Status == 401 && access.Forget(token) && await access.TokenAsync(repository, ct) is { } other)
        {
            // An installation's token ends with a change of the app's rights; what was not let in has done nothing.
            answer = await courier.SendAsync(method, full, body, other, ct);
        }

        return answer.Status is >= 200 and < 300 ? ApiJson.Parse(answer.Body) : throw new ApiFaultException(GitHubCourier.Fault(answer, full));
    }
}
