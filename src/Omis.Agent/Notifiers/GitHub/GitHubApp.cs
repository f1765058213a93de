using System.Globalization;
using System.Text.Json.Nodes;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Notifiers.Sources;

namespace Omis.Agent.Notifiers.GitHub;

/// <summary>
/// A GitHub App: signs for itself, and asks for a token of the installation that a repository belongs to, which lasts an hour.
/// Source: docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app.
/// </summary>
/// <param name="installation">Its id; null where GitHub is asked for each repository's.</param>
/// <param name="isNamed">True where the config names the repository: then an app that is not installed there is a mistake.</param>
internal sealed class GitHubApp(GitHubCourier courier, string appId, string privateKey, string? installation, Func<GitHubRepository, bool> isNamed, TimeProvider time) : IGitHubAccess
{
    /// <summary>Longer than a notice takes.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly Dictionary<GitHubRepository, string> installations = [];
    private readonly Dictionary<string, (string Token, DateTimeOffset Until)> tokens = [];

    public async Task<string?> TokenAsync(GitHubRepository repository, CancellationToken ct) =>
        await InstallationAsync(repository, ct) is { } id ? await TokenAsync(id, ct) : null;

    public bool Forget(string token)
    {
        foreach (var id in tokens.Where(known => known.Value.Token == token).Select(known => known.Key).ToArray())
        {
            tokens.Remove(id);
        }

        return true;
    }

    public Task TryAsync(CancellationToken ct) => courier.AskAsync(HttpMethod.Get, "app", null, Signature(), ct);

    private async Task<string?> InstallationAsync(GitHubRepository repository, CancellationToken ct)
    {
        if ((installation ?? installations.GetValueOrDefault(repository)) is { } known)
        {
            return known;
        }

        var path = $"{repository.Path}/installation";
        var answer = await courier.SendAsync(HttpMethod.Get, path, null, Signature(), ct);
        if (answer.Status == 404 && !isNamed(repository))
        {
            return null;
        }

        if (answer.Status != 200)
        {
            throw new ApiFaultException(answer.Status == 404 ? new Delivery.Rejected($"404 ({repository}: the app is not installed there)") : GitHubCourier.Fault(answer, path));
        }

        var id = ApiJson.Parse(answer.Body).Number("id") ?? throw ApiFaultException.Odd();
        return installations[repository] = id.ToString(CultureInfo.InvariantCulture);
    }

    private async Task<string> TokenAsync(string id, CancellationToken ct)
    {
        if (tokens.TryGetValue(id, out var known) && time.GetUtcNow() < known.Until)
        {
            return known.Token;
        }

        var given = await courier.AskAsync(HttpMethod.Post, $"app/installations/{id}/access_tokens", new JsonObject(), Signature(), ct);
        var token = given.Text("token") ?? throw ApiFaultException.Odd();
        var ends = DateTimeOffset.TryParse(given.Text("expires_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : time.GetUtcNow();
        tokens[id] = (token, ends - Margin);
        return token;
    }

    private string Signature() => GitHubJwt.Of(appId, privateKey, time.GetUtcNow());
}
