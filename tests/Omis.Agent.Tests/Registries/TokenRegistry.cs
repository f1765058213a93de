using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Tests.Registries;

/// <summary>A registry that wants a token from its own realm, and counts what it gave out.</summary>
internal sealed class TokenRegistry : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> _scopes = new();
    private int _issued;

    private TokenRegistry() { }

    public ScriptedServer Server { get; private set; } = null!;

    /// <summary>The realm's answer for a token; Docker Hub's dialect unless told.</summary>
    public Func<string, string> Dialect { get; set; } = token => $$"""{"token":"{{token}}","access_token":"{{token}}","expires_in":300,"issued_at":"2026-01-01T00:00:00Z"}""";

    /// <summary>What the token itself looks like.</summary>
    public Func<string, string> Sign { get; set; } = id => id;

    /// <summary>No token is given before this is over.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    /// <summary>Answers instead of giving a token.</summary>
    public Func<HttpContext, Task>? Realm { get; set; }

    public string RealmUrl { get; set; } = "";

    public int Issued => _issued;

    public ImmutableArray<Received> TokenRequests => [.. Server.Transcript.Where(received => received.Target.StartsWith("/token", StringComparison.Ordinal))];

    public int Heads => Server.Transcript.Count(received => received.Method == "HEAD");

    public static async Task<TokenRegistry> StartAsync()
    {
        var registry = new TokenRegistry();
        registry.Server = await ScriptedServer.StartAsync(Scripts.ByPath(("/token", registry.IssueAsync), ("/v2", registry.ManifestAsync)));
        registry.RealmUrl = $"{registry.Server.Url}/token";
        return registry;
    }

    public ImageReference Reference(string name = "team/app:1") => ImageReference.Parse($"{Server.Authority}/{name}");

    /// <summary>All tokens given out so far count no more.</summary>
    public void Revoke() => _scopes.Clear();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private async Task IssueAsync(HttpContext context)
    {
        if (Realm is { } realm)
        {
            await realm(context);
            return;
        }

        var token = Sign($"token-{Interlocked.Increment(ref _issued)}");
        _scopes[$"Bearer {token}"] = await ScopeAsync(context.Request);
        await Hold;
        await context.Response.WriteAsync(Dialect(token));
    }

    private static async Task<string> ScopeAsync(HttpRequest request) =>
        request.HasFormContentType ? (await request.ReadFormAsync())["scope"].ToString() : request.Query["scope"].ToString();

    private Task ManifestAsync(HttpContext context)
    {
        var repository = context.Request.Path.Value!["/v2/".Length..].Split("/manifests/")[0];
        var scope = $"repository:{repository}:pull";
        return _scopes.TryGetValue(context.Request.Headers.Authorization.ToString(), out var granted) && granted == scope
            ? Scripts.Found(context)
            : Scripts.Challenge($"""Bearer realm="{RealmUrl}",service="registry.test",scope="{scope}",error="invalid_token" """)(context);
    }
}
