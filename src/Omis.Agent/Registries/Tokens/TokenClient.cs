using System.Net;
using Omis.Agent.Registries.Credentials;

namespace Omis.Agent.Registries.Tokens;

/// <summary>Asks a realm for a token. Sources: distribution spec, "Token authentication" (GET) and "OAuth2 token authentication" (POST).</summary>
internal sealed class TokenClient(Courier courier, TimeSpan timeout, TimeProvider clock)
{
    private const int MostBytes = 1 << 20;

    /// <summary>Under its own deadline: several may wait for it, and none of them may end it for the others.</summary>
    public async Task<TokenAnswer> FetchAsync(Asked asked, Uri realm, TokenKey key)
    {
        using var deadline = new CancellationTokenSource(timeout, clock);
        using var response = await courier.SendAsync(asked.Host.Address, Ask(realm, key) with { Purpose = Purpose.Token }, deadline.Token);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new TokenAnswer.Refused(Failures.OfRealm(asked, response));
        }

        var body = await BoundedBody.ReadAsync(response, MostBytes, deadline.Token);
        return TokenBody.Read(body.Span, clock.GetUtcNow()) is { } token
            ? new TokenAnswer.Granted(token)
            : new TokenAnswer.Refused(Failures.Unavailable($"the token realm at {realm.Authority} answered without a token that could be used"));
    }

    private static Question Ask(Uri realm, TokenKey key) => key.Credential switch
    {
        RegistryCredential.IdentityToken identity => new Question(HttpMethod.Post, Clean(realm, ""))
        {
            Form =
            [
                new("grant_type", "refresh_token"),
                new("client_id", "omis-agent"),
                new("service", key.Service ?? ""),
                new("scope", key.Scope),
                new("refresh_token", identity.Token),
            ],
        },
        RegistryCredential.Basic basic => new Question(HttpMethod.Get, Clean(realm, Query(key)), PassOffice.Header(basic)),
        _ => new Question(HttpMethod.Get, Clean(realm, Query(key))),
    };

    /// <summary>Several scopes in one challenge are separate parameters, as docker sends them.</summary>
    private static string Query(TokenKey key) => string.Join(
        '&',
        key.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(scope => "scope=" + Uri.EscapeDataString(scope))
            .Prepend(key.Service is { } service ? "service=" + Uri.EscapeDataString(service) : "")
            .Where(part => part.Length > 0));

    private static Uri Clean(Uri realm, string query) =>
        new UriBuilder(realm)
        {
            UserName = "",
            Password = "",
            Fragment = "",
            Query = string.Join('&', new[] { realm.Query.TrimStart('?'), query }.Where(part => part.Length > 0)),
        }.Uri;
}
