using Omis.Agent.Core.Settings;
using Omis.Agent.Registries;

namespace Omis.Agent.Tests.Registries;

public sealed class RegistryAddressTests
{
    [Theory]
    [InlineData("docker.io", "https://registry-1.docker.io/")]
    [InlineData("ghcr.io", "https://ghcr.io/")]
    [InlineData("registry.example.com:5000", "https://registry.example.com:5000/")]
    [InlineData("localhost", "http://localhost/")]
    [InlineData("localhost:5000", "http://localhost:5000/")]
    [InlineData("127.8.9.1:5000", "http://127.8.9.1:5000/")]
    [InlineData("[::1]:5000", "http://[::1]:5000/")]
    [InlineData("[fc00::1]:5000", "https://[fc00::1]:5000/")]
    [InlineData("192.168.0.1:5000", "https://192.168.0.1:5000/")]
    [InlineData("localhost.example.com", "https://localhost.example.com/")]
    public void Only_loopback_is_spoken_to_in_plain_http(string name, string root) => Assert.Equal(root, Address(name).Root.AbsoluteUri);

    [Fact]
    public void Plain_http_is_used_where_it_is_said() =>
        Assert.Equal("http://lan.example:5000/", Address("lan.example:5000", new RegistrySettings { PlainHttp = true }).Root.AbsoluteUri);

    [Fact]
    public void A_ca_file_means_tls_on_loopback_too() =>
        Assert.Equal("https://localhost:5000/", Address("localhost:5000", new RegistrySettings { CaFile = "ca.pem" }).Root.AbsoluteUri);

    [Fact]
    public void A_client_certificate_means_tls_too_and_is_for_its_own_host_alone()
    {
        var address = Address("localhost:5000", new RegistrySettings { CertificateFile = "c.pem", KeyFile = "k.pem" });
        Assert.Equal("https://localhost:5000/", address.Root.AbsoluteUri);
        Assert.Equal("c.pem", address.TlsFor(new Uri("https://localhost:5001/token")).CertificateFile);
        Assert.Equal(new TlsFiles(null, null, null), address.TlsFor(new Uri("https://localhost.example.com/")));
    }

    [Theory]
    [InlineData("ghcr.io", "https://auth.example.com/token", true)]
    [InlineData("ghcr.io", "http://ghcr.io/token", false)]
    [InlineData("ghcr.io", "http://127.0.0.1/token", false)]
    [InlineData("localhost:5000", "http://localhost:5001/token", true)]
    [InlineData("localhost:5000", "http://127.0.0.1:5001/token", true)]
    [InlineData("localhost:5000", "http://evil.example/token", false)]
    [InlineData("localhost:5000", "http://localhost.evil.example/token", false)]
    [InlineData("localhost:5000", "http://localhost@evil.example/token", false)]
    [InlineData("lan.example:5000", "http://lan.example/token", true)]
    [InlineData("lan.example:5000", "http://127.0.0.1/token", false)]
    [InlineData("lan.example:5000", "http://other.example/token", false)]
    public void A_token_realm_is_https_or_on_the_host_that_is_plain_already(string name, string realm, bool allowed) =>
        Assert.Equal(allowed, Address(name, name.StartsWith("lan", StringComparison.Ordinal) ? new RegistrySettings { PlainHttp = true } : null).MaySendTo(new Uri(realm)));

    [Theory]
    [InlineData("host:99999")]
    [InlineData("a b")]
    [InlineData("host/path")]
    [InlineData("")]
    public void What_is_no_host_has_no_address(string name) => Assert.False(RegistryAddress.TryOf(name, null, out _));

    private static RegistryAddress Address(string name, RegistrySettings? settings = null)
    {
        Assert.True(RegistryAddress.TryOf(name, settings, out var address));
        return address;
    }
}
