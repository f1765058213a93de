using System.Text;
using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Core.Naming;
using static Omis.Agent.Tests.Registries.Asking;

namespace Omis.Agent.Tests.Registries;

public sealed class TokenTests
{
    [Fact]
    public async Task A_challenge_is_answered_with_a_token_for_its_scope()
    {
        await using var server = await TokenRegistry.StartAsync();
        using var registry = Registry();

        Assert.Equal(Scripts.Digest, await FoundAsync(registry, server.Reference()));

        Assert.Equal(
            ["HEAD /v2/team/app/manifests/1", "GET /token?service=registry.test&scope=repository%3Ateam%2Fapp%3Apull", "HEAD /v2/team/app/manifests/1"],
            server.Server.Lines);
        Assert.Equal([null, null, "Bearer token-1"], server.Server.Transcript.Select(received => received.Authorization));
    }

    [Fact]
    public async Task Later_cycles_cost_one_head_each_and_no_token()
    {
        await using var server = await TokenRegistry.StartAsync();
        using var registry = Registry();
        var references = Enumerable.Range(0, 10).Select(n => server.Reference($"app{n}")).ToArray();
        await Task.WhenAll(references.Select(reference => FoundAsync(registry, reference)));
        Assert.Equal((20, 10), (server.Heads, server.Issued));

        await Task.WhenAll(references.Select(reference => FoundAsync(registry, reference)));

        Assert.Equal((30, 10), (server.Heads, server.Issued));
    }

    [Fact]
    public async Task Azures_dialect_is_understood_and_its_token_lasts_as_long_as_the_jwt_says()
    {
        await using var server = await TokenRegistry.StartAsync();
        var clock = new FakeTimeProvider();
        server.Sign = id => Jwt(clock, id, TimeSpan.FromMinutes(75));
        server.Dialect = token => $$"""{"access_token":"{{token}}"}""";
        using var registry = Registry(clock);

        await FoundAsync(registry, server.Reference());
        clock.Advance(TimeSpan.FromMinutes(70));
        await FoundAsync(registry, server.Reference());
        Assert.Equal(1, server.Issued);
        clock.Advance(TimeSpan.FromMinutes(4.5));
        await FoundAsync(registry, server.Reference());

        Assert.Equal(2, server.Issued);
    }

    [Theory]
    [InlineData("""{"token":"T","expires_in":300}""", 269, 271)]
    [InlineData("""{"token":"T","expires_in":"300"}""", 269, 271)]
    [InlineData("""{"token":"T"}""", 53, 55)]
    [InlineData("""{"token":"","access_token":"T","expires_in":3600}""", 3539, 3541)]
    public async Task A_token_is_renewed_a_little_before_it_ends(string body, int still, int nomore)
    {
        await using var server = await TokenRegistry.StartAsync();
        server.Dialect = token => body.Replace("\"T\"", $"\"{token}\"", StringComparison.Ordinal);
        var clock = new FakeTimeProvider();
        using var registry = Registry(clock);

        await FoundAsync(registry, server.Reference());
        clock.Advance(TimeSpan.FromSeconds(still));
        await FoundAsync(registry, server.Reference());
        Assert.Equal(1, server.Issued);
        clock.Advance(TimeSpan.FromSeconds(nomore - still));
        await FoundAsync(registry, server.Reference());

        Assert.Equal((2, 4), (server.Issued, server.Heads));
    }

    [Fact]
    public async Task However_many_ask_at_once_a_token_is_fetched_once()
    {
        await using var server = await TokenRegistry.StartAsync();
        using var registry = Registry();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => FoundAsync(registry, server.Reference($"team/app:{n}"))));

        Assert.Equal(1, server.Issued);
    }

    [Fact]
    public async Task A_cached_token_that_is_refused_is_replaced_once()
    {
        await using var server = await TokenRegistry.StartAsync();
        using var registry = Registry();
        await FoundAsync(registry, server.Reference());

        server.Revoke();
        await FoundAsync(registry, server.Reference());

        Assert.Equal((4, 2), (server.Heads, server.Issued));
    }

    [Fact]
    public async Task A_registry_that_refuses_its_own_tokens_is_not_asked_forever()
    {
        await using var server = await TokenRegistry.StartAsync();
        server.Dialect = _ => """{"token":"of-no-use"}""";
        using var registry = Registry();

        await FailedAsync(registry, server.Reference(), ReasonCode.RegistryUnauthorized);
        Assert.Equal((2, 1), (server.Heads, server.Issued));
        await FailedAsync(registry, server.Reference(), ReasonCode.RegistryUnauthorized);

        Assert.InRange(server.Heads, 3, 5);
        Assert.InRange(server.Issued, 1, 2);
    }

    [Fact]
    public async Task A_realm_that_refuses_the_password_is_named_with_user_and_scope()
    {
        await using var server = await TokenRegistry.StartAsync();
        server.Realm = Scripts.Status(401);
        using var registry = Registry(registries: (server.Server.Authority, Login()));

        var failed = await FailedAsync(registry, server.Reference(), ReasonCode.RegistryUnauthorized);

        Assert.Equal(
            $"the token realm at {server.Server.Authority} refuses repository:team/app:pull to user ci; check that the credential is current and may pull from this repository",
            failed.Detail);
        Assert.Single(server.TokenRequests);
    }

    [Fact]
    public async Task A_realm_that_says_429_pauses_the_registry()
    {
        await using var server = await TokenRegistry.StartAsync();
        server.Realm = Scripts.TooMany("10");
        using var registry = Registry();

        await FailedAsync(registry, server.Reference(), ReasonCode.RateLimited);
        await FailedAsync(registry, server.Reference("other"), ReasonCode.RateLimited);

        Assert.Equal((1, 1), (server.Heads, server.TokenRequests.Length));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"token":5}""")]
    [InlineData("""{"token":"two\r\nlines"}""")]
    [InlineData("""{"token":"ünïcode"}""")]
    [InlineData("<html>")]
    public async Task A_realm_without_a_usable_token_is_unavailable(string body)
    {
        await using var server = await TokenRegistry.StartAsync();
        server.Realm = Scripts.Json(body);
        using var registry = Registry();

        var failed = await FailedAsync(registry, server.Reference(), ReasonCode.RegistryUnavailable);
        Assert.Contains("without a token that could be used", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_realm_that_stalls_is_given_up_in_the_same_fifteen_seconds()
    {
        await using var server = await TokenRegistry.StartAsync();
        server.Realm = Scripts.Stall;
        var clock = new FakeTimeProvider();
        using var registry = Registry(clock);

        var asking = FailedAsync(registry, server.Reference(), ReasonCode.RegistryUnavailable);
        await SeenAsync(server.Server, 2);
        clock.Advance(TimeSpan.FromSeconds(15));

        Assert.Contains("did not answer within 15 s", (await asking).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_caller_who_gives_up_does_not_end_the_token_request_of_the_others()
    {
        await using var server = await TokenRegistry.StartAsync();
        var go = new TaskCompletionSource();
        server.Hold = go.Task;
        using var registry = Registry();
        using var impatient = new CancellationTokenSource();

        var first = registry.LatestAsync(server.Reference("team/app:1"), impatient.Token);
        await SeenAsync(server.Server, 2);
        var second = FoundAsync(registry, server.Reference("team/app:2"));
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        go.SetResult();

        await second;
        Assert.Equal(1, server.Issued);
    }

    [Fact]
    public async Task A_realm_that_has_moved_is_found_again()
    {
        await using var server = await TokenRegistry.StartAsync();
        using var registry = Registry(new FakeTimeProvider());
        await FoundAsync(registry, server.Reference());

        server.Revoke();
        server.Realm = Scripts.Status(404);
        await FailedAsync(registry, server.Reference(), ReasonCode.RegistryUnavailable);
        server.Realm = null;
        server.RealmUrl = $"{server.Server.Url}/token/moved";
        await FoundAsync(registry, server.Reference());
    }

    private static string Jwt(FakeTimeProvider clock, string id, TimeSpan lifetime)
    {
        static string Part(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var issued = clock.Start.ToUnixTimeSeconds();
        return $"{Part("{\"alg\":\"RS256\"}")}.{Part($$"""{"jti":"{{id}}","iat":{{issued}},"exp":{{issued + (long)lifetime.TotalSeconds}}}""")}.c2ln";
    }
}
