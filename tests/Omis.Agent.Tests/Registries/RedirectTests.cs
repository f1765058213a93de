using Omis.Agent.Core.Naming;
using static Omis.Agent.Tests.Registries.Asking;

namespace Omis.Agent.Tests.Registries;

public sealed class RedirectTests
{
    [Fact]
    public async Task A_redirect_to_another_host_is_followed_without_the_credential()
    {
        await using var elsewhere = await ScriptedServer.StartAsync(Scripts.Found);
        await using var server = await ScriptedServer.StartAsync(context =>
            context.Request.Headers.Authorization.Count > 0 ? Scripts.Redirect($"{elsewhere.Url}/blob")(context) : Scripts.Challenge("Basic")(context));
        using var registry = Registry(registries: (server.Authority, Login()));

        Assert.Equal(Scripts.Digest, await FoundAsync(registry, App(server)));

        Assert.NotNull(server.Transcript[^1].Authorization);
        Assert.Null(Assert.Single(elsewhere.Transcript).Authorization);
    }

    [Fact]
    public async Task A_redirect_on_the_same_host_keeps_the_credential()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
            context.Request.Headers.Authorization.Count == 0 ? Scripts.Challenge("Basic")(context)
            : context.Request.Path == "/moved" ? Scripts.Found(context)
            : Scripts.Redirect("/moved")(context));
        using var registry = Registry(registries: (server.Authority, Login()));

        await FoundAsync(registry, App(server));

        Assert.NotNull(server.Transcript[^1].Authorization);
    }

    [Fact]
    public async Task A_host_we_were_sent_to_gets_no_credential_even_if_it_asks()
    {
        await using var elsewhere = await ScriptedServer.StartAsync(Scripts.Challenge("Basic"));
        await using var server = await ScriptedServer.StartAsync(Scripts.Redirect($"{elsewhere.Url}/blob"));
        using var registry = Registry(registries: [(server.Authority, Login()), (elsewhere.Authority, Login())]);

        var failed = await FailedAsync(registry, App(server), ReasonCode.RegistryUnauthorized);

        Assert.StartsWith(elsewhere.Authority, failed.Detail, StringComparison.Ordinal);
        Assert.Null(Assert.Single(elsewhere.Transcript).Authorization);
    }

    [Fact]
    public async Task A_realm_that_redirects_passes_no_password_on()
    {
        await using var elsewhere = await ScriptedServer.StartAsync(Scripts.Json("""{"token":"token-of-theirs"}"""));
        await using var server = await TokenRegistry.StartAsync();
        server.Realm = Scripts.Redirect($"{elsewhere.Url}/token");
        using var registry = Registry(registries: (server.Server.Authority, Login()));

        await FailedAsync(registry, server.Reference(), ReasonCode.RegistryUnauthorized);

        Assert.NotNull(Assert.Single(server.TokenRequests).Authorization);
        Assert.Null(Assert.Single(elsewhere.Transcript).Authorization);
    }

    [Fact]
    public async Task Five_redirects_are_followed_and_no_more()
    {
        await using var five = await ScriptedServer.StartAsync(Scripts.InOrder([.. Enumerable.Repeat(Scripts.Redirect("/on"), 5), Scripts.Found]));
        await using var six = await ScriptedServer.StartAsync(Scripts.Redirect("/on"));
        using var registry = Registry();

        await FoundAsync(registry, App(five));
        var failed = await FailedAsync(registry, App(six), ReasonCode.RegistryUnavailable);

        Assert.Equal($"{six.Authority} redirects more than 5 times", failed.Detail);
        Assert.Equal(6, six.Transcript.Length);
    }

    [Theory]
    [InlineData("http://example.com/v2/")]
    [InlineData("ftp://127.0.0.1/v2/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher:x")]
    public async Task A_redirect_out_of_http_or_into_plain_http_elsewhere_is_refused(string location)
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Redirect(location));
        using var registry = Registry();

        await FailedAsync(registry, App(server), ReasonCode.RegistryUnavailable);
        Assert.Single(server.Transcript);
    }

    [Fact]
    public async Task A_redirect_to_nowhere_is_an_answer_like_any_other()
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Status(302));
        using var registry = Registry();

        var failed = await FailedAsync(registry, App(server), ReasonCode.RegistryUnavailable);
        Assert.Contains("answered 302", failed.Detail, StringComparison.Ordinal);
    }
}
