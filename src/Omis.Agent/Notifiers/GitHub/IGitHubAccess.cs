namespace Omis.Agent.Notifiers.GitHub;

/// <summary>As whom GitHub is asked.</summary>
internal interface IGitHubAccess
{
    /// <returns>What goes into the header; null where nobody here may ask about the repository, and that is no mistake.</returns>
    /// <exception cref="Sources.ApiFaultException">No token is to be had.</exception>
    Task<string?> TokenAsync(GitHubRepository repository, CancellationToken ct);

    /// <summary>GitHub did not take it.</summary>
    /// <returns>True where there may be another one.</returns>
    bool Forget(string token);

    /// <summary>Asks GitHub something that needs no repository.</summary>
    /// <exception cref="Sources.ApiFaultException">It does not take who asks.</exception>
    Task TryAsync(CancellationToken ct);
}

/// <summary>A fine-grained personal access token, which a person renews.</summary>
internal sealed class GitHubToken(GitHubCourier courier, string token) : IGitHubAccess
{
    public Task<string?> TokenAsync(GitHubRepository repository, CancellationToken ct) => Task.FromResult<string?>(token);

    public bool Forget(string token) => false;

    public Task TryAsync(CancellationToken ct) => courier.AskAsync(HttpMethod.Get, "rate_limit", null, token, ct);
}
