using System.Collections.Concurrent;
using System.Net;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;
using Omis.Agent.Testing;
using static Omis.Agent.Tests.Registries.Asking;

namespace Omis.Agent.Tests.Registries;

public sealed class TlsTests
{
    [Fact]
    public async Task A_registry_with_a_ca_of_its_own_is_trusted_through_its_file()
    {
        using var ca = new TestCa();
        await using var server = await ScriptedServer.StartAsync(Scripts.Found, ca.Issue(IPAddress.Loopback));
        using var registry = Registry(registries: (server.Authority, new RegistrySettings { CaFile = ca.RootFile }));

        Assert.Equal(Scripts.Digest, await FoundAsync(registry, App(server)));
    }

    [Fact]
    public async Task Over_tls_many_questions_share_one_http2_connection()
    {
        using var ca = new TestCa();
        var connections = new ConcurrentDictionary<string, string>();
        await using var server = await ScriptedServer.StartAsync(
            context =>
            {
                connections[context.Connection.Id] = context.Request.Protocol;
                return Scripts.Found(context);
            },
            ca.Issue(IPAddress.Loopback));
        using var registry = Registry(registries: (server.Authority, new RegistrySettings { CaFile = ca.RootFile }));

        await Task.WhenAll(Enumerable.Range(0, 30).Select(n => FoundAsync(registry, App(server, $"app{n}"))));

        Assert.Equal("HTTP/2", Assert.Single(connections).Value);
    }

    [Fact]
    public async Task A_certificate_of_another_ca_is_refused()
    {
        using var ca = new TestCa();
        using var other = new TestCa();
        await using var server = await ScriptedServer.StartAsync(Scripts.Found, other.Issue(IPAddress.Loopback));
        using var registry = Registry(registries: (server.Authority, new RegistrySettings { CaFile = ca.RootFile }));

        var failed = await FailedAsync(registry, App(server), ReasonCode.RegistryUnavailable);

        Assert.Contains("over TLS", failed.Detail, StringComparison.Ordinal);
        Assert.Empty(server.Transcript);
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused_though_its_ca_is_known()
    {
        using var ca = new TestCa();
        await using var server = await ScriptedServer.StartAsync(Scripts.Found, ca.Issue(IPAddress.Parse("192.0.2.1")));
        using var registry = Registry(registries: (server.Authority, new RegistrySettings { CaFile = ca.RootFile }));

        await FailedAsync(registry, App(server), ReasonCode.RegistryUnavailable);
        Assert.Empty(server.Transcript);
    }

    [Fact]
    public async Task A_ca_file_that_cannot_be_used_is_named()
    {
        var missing = Path.Combine(Path.GetTempPath(), "no-such-omis-ca.pem");
        using var registry = Registry(registries: ("registry.example.com", new RegistrySettings { CaFile = missing }));

        var failed = await FailedAsync(registry, ImageReference.Parse("registry.example.com/app"), ReasonCode.RegistryUnavailable);
        Assert.StartsWith($"caFile {missing} cannot be used: ", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_https_registry_that_redirects_to_http_is_not_followed()
    {
        using var ca = new TestCa();
        await using var plain = await ScriptedServer.StartAsync(Scripts.Found);
        await using var server = await ScriptedServer.StartAsync(Scripts.Redirect(plain.Url), ca.Issue(IPAddress.Loopback));
        using var registry = Registry(registries: (server.Authority, new RegistrySettings { CaFile = ca.RootFile }));

        var failed = await FailedAsync(registry, App(server), ReasonCode.RegistryUnavailable);

        Assert.Equal($"{server.Authority} redirects to {plain.Url}, which is not https", failed.Detail);
        Assert.Empty(plain.Transcript);
    }

    [Fact]
    public async Task An_https_registry_with_a_realm_on_http_gets_no_credential()
    {
        using var ca = new TestCa();
        await using var plain = await ScriptedServer.StartAsync(Scripts.Json("""{"token":"t"}"""));
        await using var server = await ScriptedServer.StartAsync(Scripts.Challenge($"Bearer realm=\"{plain.Url}/token\""), ca.Issue(IPAddress.Loopback));
        using var registry = Registry(registries: (server.Authority, Login() with { CaFile = ca.RootFile }));

        await FailedAsync(registry, App(server), ReasonCode.RegistryUnauthorized);
        Assert.Empty(plain.Transcript);
    }
}
