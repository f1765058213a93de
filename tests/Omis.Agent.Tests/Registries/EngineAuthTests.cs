using System.Text;
using Omis.Agent.Registries.Credentials;

namespace Omis.Agent.Tests.Registries;

public sealed class EngineAuthTests
{
    [Theory]
    [InlineData("ghcr.io", """{"serveraddress":"ghcr.io","username":"ci","password":"p\u003Es~?"}""")]
    [InlineData("docker.io", """{"serveraddress":"https://index.docker.io/v1/","username":"ci","password":"p\u003Es~?"}""")]
    public void A_password_reaches_the_engine_as_it_expects_it(string registry, string json) =>
        Assert.Equal(json, Decode(EngineAuth.Header(registry, new RegistryCredential.Basic("ci", "p>s~?"))!));

    [Fact]
    public void An_identity_token_goes_without_a_user() =>
        Assert.Equal("""{"serveraddress":"my.azurecr.io","identitytoken":"refresh"}""", Decode(EngineAuth.Header("my.azurecr.io", new RegistryCredential.IdentityToken("refresh"))!));

    [Fact]
    public void The_header_is_base64url_with_its_padding()
    {
        for (var length = 0; length < 40; length++)
        {
            var header = EngineAuth.Header("a.io", new RegistryCredential.Basic("u", new string('ÿ', length)))!;
            Assert.DoesNotContain(header, c => c is '+' or '/');
            Assert.Equal(0, header.Length % 4);
        }
    }

    [Fact]
    public void Nothing_is_sent_where_there_is_nothing()
    {
        Assert.Null(EngineAuth.Header("ghcr.io", null));
        Assert.Null(EngineAuth.Config("ghcr.io", null));
    }

    [Fact]
    public void The_clients_own_form_says_the_same()
    {
        var config = EngineAuth.Config("docker.io", new RegistryCredential.Basic("ci", "p"))!;
        Assert.Equal(("ci", "p", null, "https://index.docker.io/v1/"), (config.Username, config.Password, config.IdentityToken, config.ServerAddress));
    }

    private static string Decode(string header) => Encoding.UTF8.GetString(Convert.FromBase64String(header.Replace('-', '+').Replace('_', '/')));
}
