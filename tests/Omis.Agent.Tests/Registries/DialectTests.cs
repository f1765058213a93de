using Microsoft.AspNetCore.Http;
using static Omis.Agent.Tests.Registries.Asking;

namespace Omis.Agent.Tests.Registries;

/// <summary>
/// How each registry asks and answers, as it documents it or was recorded doing it; only the hosts are loopback's.
/// REALM stands for the realm's address, REPO for the repository.
/// </summary>
public sealed class DialectTests
{
    /// <summary>Token server: scheme, path and answer as recorded.</summary>
    public static TheoryData<string, string, string, string> Bearers => new()
    {
        // docs.docker.com/reference/api/registry/auth
        { "Docker Hub", "Bearer realm=\"REALM/token\",service=\"registry.docker.io\",scope=\"repository:REPO:pull\"", "GET /token?service=registry.docker.io&scope=repository%3Ateam%2Fapp%3Apull", """{"token":"T","access_token":"T","expires_in":300,"issued_at":"2026-01-05T10:00:00.123456789Z"}""" },

        // containerd, core/remotes/docker/authorizer.go and its tests; no time at all stands beside the token
        { "GHCR", "Bearer realm=\"REALM/token\",service=\"ghcr.io\",scope=\"repository:REPO:pull\"", "GET /token?service=ghcr.io&scope=repository%3Ateam%2Fapp%3Apull", """{"token":"T"}""" },

        // docs.quay.io; scope is left out (github.com/OctopusDeploy/Issues/issues/5076) or not quoted (github.com/fluxcd/flux/pull/123)
        { "Quay", "Bearer realm=\"REALM/v2/auth\",service=\"quay.io\"", "GET /v2/auth?service=quay.io&scope=repository%3Ateam%2Fapp%3Apull", """{"token":"T"}""" },
        { "Quay, scope bare", "Bearer realm=\"REALM/v2/auth\",service=\"quay.io\",scope=repository:REPO:pull", "GET /v2/auth?service=quay.io&scope=repository%3Ateam%2Fapp%3Apull", """{"token":"T"}""" },

        // docs.gitlab.com/administration/packages/container_registry
        { "GitLab", "Bearer realm=\"REALM/jwt/auth\",service=\"container_registry\",scope=\"repository:REPO:pull\",error=\"invalid_token\"", "GET /jwt/auth?service=container_registry&scope=repository%3Ateam%2Fapp%3Apull", """{"token":"T"}""" },

        // goharbor/harbor, src/server/middleware/v2auth and src/core/service/token
        { "Harbor", "Bearer realm=\"REALM/service/token\",service=\"harbor-registry\",scope=\"repository:REPO:pull\"", "GET /service/token?service=harbor-registry&scope=repository%3Ateam%2Fapp%3Apull", """{"token":"T","access_token":"","expires_in":1800,"issued_at":"2026-01-05T10:00:00Z"}""" },

        // docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html; one scope for all repositories
        { "ECR Public", "Bearer realm=\"REALM/token/\",service=\"public.ecr.aws\",scope=\"aws\"", "GET /token/?service=public.ecr.aws&scope=aws", """{"token":"T"}""" },

        // github.com/Azure/acr/blob/main/docs/AAD-OAuth.md
        { "ACR", "Bearer realm=\"REALM/oauth2/token\",service=\"my.azurecr.io\",scope=\"repository:REPO:pull\"", "GET /oauth2/token?service=my.azurecr.io&scope=repository%3Ateam%2Fapp%3Apull", """{"access_token":"T"}""" },
    };

    [Theory]
    [MemberData(nameof(Bearers))]
    public async Task A_registry_that_asks_for_a_token_gets_it_from_its_realm(string registry, string challenge, string question, string answer)
    {
        var realm = "";
        await using var server = await ScriptedServer.StartAsync(context =>
            context.Request.Path.Value!.Contains("/manifests/", StringComparison.Ordinal)
                ? context.Request.Headers.Authorization == "Bearer T" ? Scripts.Found(context) : Scripts.Challenge(challenge.Replace("REALM", realm).Replace("REPO", "team/app"))(context)
                : Scripts.Json(answer)(context));
        realm = server.Url;
        using var agent = Registry(registries: (server.Authority, Login()));

        Assert.Equal(Scripts.Digest, await FoundAsync(agent, App(server)));
        await FoundAsync(agent, App(server));

        Assert.Equal(["HEAD /v2/team/app/manifests/1", question, "HEAD /v2/team/app/manifests/1", "HEAD /v2/team/app/manifests/1"], server.Lines);
        Assert.Equal("Basic " + Scripts.Base64("ci:s3cret-of-ci"), server.Transcript[1].Authorization);
        Assert.NotEmpty(registry);
    }

    /// <summary>docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html; as in github.com/mayflower/docker-ls/issues/28.</summary>
    [Fact]
    public async Task Amazons_registry_wants_basic_with_a_realm_that_is_no_token_server()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
            context.Request.Headers.Authorization == "Basic " + Scripts.Base64("AWS:twelve-hours") ? Scripts.Found(context)
            : Scripts.Challenge("Basic realm=\"https://012345678910.dkr.ecr.eu-west-1.amazonaws.com/\",service=\"ecr.amazonaws.com\"")(context));
        using var agent = Registry(registries: (server.Authority, Login("AWS", "twelve-hours")));

        await FoundAsync(agent, App(server));
        await FoundAsync(agent, App(server));

        Assert.Equal(3, server.Transcript.Length);
    }

    [Fact]
    public async Task One_scope_for_all_repositories_is_one_token()
    {
        var url = "";
        await using var server = await ScriptedServer.StartAsync(Scripts.ByPath(
            ("/token", Scripts.Json("""{"token":"T"}""")),
            ("/v2", context => context.Request.Headers.Authorization == "Bearer T" ? Scripts.Found(context) : Scripts.Challenge($"Bearer realm=\"{url}/token/\",service=\"public.ecr.aws\",scope=\"aws\"")(context))));
        url = server.Url;
        using var agent = Registry();

        await Task.WhenAll(Enumerable.Range(0, 5).Select(n => FoundAsync(agent, App(server, $"app{n}"))));

        Assert.Single(server.Transcript, received => received.Target.StartsWith("/token", StringComparison.Ordinal));
    }

    /// <summary>docs.docker.com/reference/api/hub/latest, "Rate limiting": seconds since 1970, beside a Retry-After that is none.</summary>
    [Theory]
    [InlineData("Retry-After", "77", "1m17s")]
    [InlineData("X-Retry-After", "1767608477", "2h17s")]
    [InlineData("X-RateLimit-Reset", "1767601337", "1m17s")]
    [InlineData("X-Retry-After", "soon", "1m")]
    [InlineData("X-RateLimit-Reset", "99999999999999999999", "1m")]
    public async Task The_time_that_a_limit_names_is_understood(string header, string value, string left)
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.Headers.Date = DateTimeOffset.FromUnixTimeSeconds(1767601260).ToString("R");
            context.Response.Headers[header] = value;
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return Task.CompletedTask;
        });
        using var agent = Registry();

        var failed = await FailedAsync(agent, App(server), Core.Naming.ReasonCode.RateLimited);
        Assert.EndsWith($"asked again in {left}", failed.Detail, StringComparison.Ordinal);
    }
}
