using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;
using Omis.Agent.Registries.Credentials;
using static Omis.Agent.Tests.Registries.Asking;

namespace Omis.Agent.Tests.Registries;

public sealed class CredentialFlowTests
{
    private static readonly string BasicOfCi = "Basic " + Scripts.Base64("ci:s3cret-of-ci");

    [Fact]
    public async Task A_password_goes_to_the_realm_and_the_token_to_the_registry()
    {
        await using var server = await TokenRegistry.StartAsync();
        using var registry = Registry(registries: (server.Server.Authority, Login()));

        await FoundAsync(registry, server.Reference());

        Assert.Equal([null, BasicOfCi, "Bearer token-1"], server.Server.Transcript.Select(received => received.Authorization));
    }

    [Fact]
    public async Task An_identity_token_is_exchanged_in_a_form_and_never_in_a_url()
    {
        await using var server = await TokenRegistry.StartAsync();
        using var registry = Registry(new Fixed(new RegistryCredential.IdentityToken("refresh-me")));

        await FoundAsync(registry, server.Reference());

        var request = Assert.Single(server.TokenRequests);
        Assert.Equal("POST /token", request.ToString());
        Assert.Equal("grant_type=refresh_token&client_id=omis-agent&service=registry.test&scope=repository%3Ateam%2Fapp%3Apull&refresh_token=refresh-me", request.Body);
    }

    [Fact]
    public async Task An_identity_token_that_has_run_out_is_said_to_be_refused()
    {
        await using var server = await TokenRegistry.StartAsync();
        server.Realm = Scripts.Status(400);
        using var registry = Registry(new Fixed(new RegistryCredential.IdentityToken("refresh-me")));

        await FailedAsync(registry, server.Reference(), ReasonCode.RegistryUnauthorized);
    }

    [Fact]
    public async Task A_form_with_an_identity_token_follows_no_redirect()
    {
        await using var elsewhere = await ScriptedServer.StartAsync(Scripts.Json("""{"token":"stolen"}"""));
        await using var server = await TokenRegistry.StartAsync();
        server.Realm = Scripts.Redirect(elsewhere.Url);
        using var registry = Registry(new Fixed(new RegistryCredential.IdentityToken("refresh-me")));

        await FailedAsync(registry, server.Reference(), ReasonCode.RegistryUnavailable);
        Assert.Empty(elsewhere.Transcript);
    }

    [Fact]
    public async Task A_password_is_sent_only_once_basic_is_asked_for_and_then_at_once()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
            context.Request.Headers.Authorization == BasicOfCi ? Scripts.Found(context) : Scripts.Challenge("Basic realm=\"Registry\"")(context));
        using var registry = Registry(registries: (server.Authority, Login()));

        await FoundAsync(registry, App(server));
        await FoundAsync(registry, App(server));

        Assert.Equal([null, BasicOfCi, BasicOfCi], server.Transcript.Select(received => received.Authorization));
    }

    [Fact]
    public async Task A_wrong_password_is_not_tried_twice()
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Challenge("Basic realm=\"Registry\""));
        using var registry = Registry(registries: (server.Authority, Login()));

        var failed = await FailedAsync(registry, App(server), ReasonCode.RegistryUnauthorized);

        Assert.Equal([null, BasicOfCi], server.Transcript.Select(received => received.Authorization));
        Assert.Contains("to user ci; check that the credential", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_changes_from_basic_to_bearer_is_followed()
    {
        await using var server = await TokenRegistry.StartAsync();
        var basic = true;
        await using var front = await ScriptedServer.StartAsync(context => basic
            ? context.Request.Headers.Authorization == BasicOfCi ? Scripts.Found(context) : Scripts.Challenge("Basic")(context)
            : context.Request.Headers.Authorization == "Bearer token-1" ? Scripts.Found(context) : Scripts.Challenge($"Bearer realm=\"{server.RealmUrl}\"")(context));
        using var registry = Registry(registries: (front.Authority, Login()));

        await FoundAsync(registry, App(front));
        basic = false;
        await registry.LatestAsync(App(front), Ct);
        await FoundAsync(registry, App(front));
    }

    [Fact]
    public async Task Basic_without_a_credential_is_refused_without_another_request()
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Challenge("Basic realm=\"Registry\", Negotiate"));
        using var registry = Registry();

        var failed = await FailedAsync(registry, App(server), ReasonCode.RegistryUnauthorized);

        Assert.Contains("to anonymous; give registries[", failed.Detail, StringComparison.Ordinal);
        Assert.Single(server.Transcript);
    }

    [Theory]
    [InlineData("Bearer realm=\"http://token.example.com/token\"")]
    [InlineData("Bearer realm=\"ftp://127.0.0.1/token\"")]
    [InlineData("Bearer realm=\"/token\"")]
    [InlineData("Bearer realm=\"file:///etc/passwd\"")]
    [InlineData("Bearer service=\"none\"")]
    [InlineData("Bearer realm=\"\"")]
    public async Task A_realm_that_is_not_https_gets_nothing(string challenge)
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Challenge(challenge));
        using var registry = Registry(registries: (server.Authority, Login()));

        var failed = await FailedAsync(registry, App(server), ReasonCode.RegistryUnauthorized);

        Assert.Contains("a token realm that is not https, so nothing was sent there", failed.Detail, StringComparison.Ordinal);
        Assert.Single(server.Transcript);
    }

    [Fact]
    public async Task A_credential_for_one_registry_is_not_sent_to_another()
    {
        await using var mine = await TokenRegistry.StartAsync();
        await using var other = await TokenRegistry.StartAsync();
        using var registry = Registry(registries: (mine.Server.Authority, Login()));

        await FoundAsync(registry, other.Reference());

        Assert.Null(Assert.Single(other.TokenRequests).Authorization);
    }

    [Fact]
    public async Task A_new_password_counts_at_once()
    {
        await using var server = await TokenRegistry.StartAsync();
        var credentials = new Fixed(new RegistryCredential.Basic("ci", "old"));
        using var registry = Registry(credentials);
        await FoundAsync(registry, server.Reference());

        credentials.Credential = new RegistryCredential.Basic("ci", "new");
        await FoundAsync(registry, server.Reference());

        Assert.Equal([Scripts.Base64("ci:old"), Scripts.Base64("ci:new")], server.TokenRequests.Select(request => request.Authorization!["Basic ".Length..]));
    }

    [Theory]
    [InlineData("docker.io")]
    [InlineData("index.docker.io")]
    [InlineData("https://index.docker.io/v1/")]
    [InlineData("registry-1.docker.io")]
    public async Task Docker_hub_has_one_credential_whatever_it_is_called(string name)
    {
        var credentials = new SettingsCredentials(System.Collections.Immutable.ImmutableDictionary<string, RegistrySettings>.Empty.Add(name, Login()));

        Assert.Equal(new RegistryCredential.Basic("ci", "s3cret-of-ci"), await credentials.ForAsync("docker.io", Ct));
    }

    private sealed class Fixed(RegistryCredential credential) : IRegistryCredentials
    {
        public RegistryCredential Credential { get; set; } = credential;

        public ValueTask<RegistryCredential?> ForAsync(string registry, CancellationToken ct) => ValueTask.FromResult<RegistryCredential?>(Credential);
    }
}
