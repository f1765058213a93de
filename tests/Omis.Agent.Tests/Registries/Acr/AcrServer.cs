using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Http;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Tests.Registries.Acr;

/// <summary>Azure Container Registry's dialect: exchange, access tokens without expires_in, and manifests. Counts what it was asked.</summary>
internal sealed class AcrServer : IAsyncDisposable
{
    public const string AdminPassword = "admin-password";

    private int _refreshTokens;
    private int _accessTokens;

    private AcrServer() { }

    public ScriptedServer Server { get; private set; } = null!;

    /// <summary>Answers instead of exchanging.</summary>
    public Func<HttpContext, Task>? OnExchange { get; set; }

    /// <summary>Answers instead of giving an access token.</summary>
    public Func<HttpContext, Task>? OnToken { get; set; }

    /// <summary>Answers those who come with an access token.</summary>
    public Func<HttpContext, Task> OnManifest { get; set; } = Scripts.Found;

    public string Name => Server.Authority;

    public ImmutableArray<Received> Exchanges => [.. Server.Transcript.Where(received => received.Target == "/oauth2/exchange")];

    public ImmutableArray<Received> Tokens => [.. Server.Transcript.Where(received => received.Target.StartsWith("/oauth2/token", StringComparison.Ordinal))];

    public int Heads => Server.Transcript.Count(received => received.Method == "HEAD");

    public static async Task<AcrServer> StartAsync()
    {
        var acr = new AcrServer();
        acr.Server = await ScriptedServer.StartAsync(Scripts.ByPath(("/oauth2/exchange", acr.ExchangeAsync), ("/oauth2/token", acr.TokenAsync), ("/v2", acr.ManifestAsync)));
        return acr;
    }

    public ImageReference Image(string name = "omis-pc/backend:latest") => ImageReference.Parse($"{Name}/{name}");

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>Three hours, as Azure's.</summary>
    public static string RefreshToken(int number) => Jwt($"refresh-{number}", 3 * 3600);

    /// <summary>Seventy-five minutes, as Azure's.</summary>
    public static string AccessToken(int number) => Jwt($"access-{number}", 75 * 60);

    private static string Jwt(string id, int seconds) =>
        $"{Part("{\"alg\":\"RS256\"}")}.{Part($"{{\"jti\":\"{id}\",\"iat\":1000,\"exp\":{1000 + seconds}}}")}.planted-{id}";

    private static string Part(string json) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private Task ExchangeAsync(HttpContext context) =>
        (OnExchange ?? Scripts.Json($$"""{"refresh_token":"{{RefreshToken(Interlocked.Increment(ref _refreshTokens))}}"}"""))(context);

    private async Task TokenAsync(HttpContext context)
    {
        var script = OnToken ?? (await IsKnownAsync(context.Request)
            ? Scripts.Json($$"""{"access_token":"{{AccessToken(Interlocked.Increment(ref _accessTokens))}}"}""")
            : Scripts.Status(401));
        await script(context);
    }

    private static async Task<bool> IsKnownAsync(HttpRequest request)
    {
        if (!request.HasFormContentType)
        {
            return request.Headers.Authorization == $"Basic {Scripts.Base64($"admin:{AdminPassword}")}";
        }

        var form = await request.ReadFormAsync();
        return form["grant_type"] == "refresh_token" && form["refresh_token"].ToString().Contains(".planted-refresh-", StringComparison.Ordinal);
    }

    private Task ManifestAsync(HttpContext context)
    {
        var repository = context.Request.Path.Value!["/v2/".Length..].Split("/manifests/")[0];
        return context.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.Ordinal)
            ? OnManifest(context)
            : Scripts.Challenge($"""Bearer realm="{Server.Url}/oauth2/token",service="{Name}",scope="repository:{repository}:pull" """)(context);
    }
}
