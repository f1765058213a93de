using System.Text;
using CsCheck;
using Omis.Agent.Registries.Credentials;
using static Omis.Agent.Tests.Registries.Asking;

namespace Omis.Agent.Tests.Registries;

public sealed class DockerLoginsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("omis-test-").FullName;
    private readonly ListLogger<DockerLogins> _log = new();

    private static HelperLogins NoHelpers => new(new CredentialHelper(() => null, TimeSpan.FromSeconds(1), TimeProvider.System), TimeProvider.System);

    private string File => Path.Combine(_folder, "config.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_file_is_where_docker_has_it()
    {
        Assert.Equal(Path.Combine("/root", ".docker", "config.json"), DockerLogins.DefaultPath(null, "/root"));
        Assert.Equal(Path.Combine("/root", ".docker", "config.json"), DockerLogins.DefaultPath("", "/root"));
        Assert.Equal(Path.Combine("/etc/docker-of-ci", "config.json"), DockerLogins.DefaultPath("/etc/docker-of-ci", "/root"));
    }

    [Theory]
    [InlineData("ghcr.io", "ghcr.io")]
    [InlineData("https://ghcr.io", "ghcr.io")]
    [InlineData("https://ghcr.io/v2/", "ghcr.io")]
    [InlineData("GHCR.io", "ghcr.io")]
    [InlineData("https://index.docker.io/v1/", "docker.io")]
    [InlineData("docker.io", "docker.io")]
    [InlineData("127.0.0.1:5000", "127.0.0.1:5000")]
    public void A_login_is_found_under_each_name_that_docker_files_it_under(string key, string registry) =>
        Assert.Equal(new RegistryCredential.Basic("ci", "pa:ss"), Parse(Auths((key, "ci:pa:ss\0\0"))).For(registry));

    [Fact]
    public void A_key_that_is_the_host_itself_wins() =>
        Assert.Equal(
            new RegistryCredential.Basic("right", "p"),
            Parse(Auths(("https://ghcr.io/v1/", "wrong:p"), ("ghcr.io", "right:p"))).For("ghcr.io"));

    [Fact]
    public void An_identity_token_wins_over_the_user_it_was_given_to() =>
        Assert.Equal(
            new RegistryCredential.IdentityToken("refresh"),
            Parse("""{"auths":{"my.azurecr.io":{"auth":"MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwOg==","identitytoken":"refresh"}}}""").For("my.azurecr.io"));

    [Fact]
    public void A_username_and_password_in_the_clear_are_read_too() =>
        Assert.Equal(new RegistryCredential.Basic("u", "p"), Parse("""{"auths":{"a.io":{"username":"u","password":"p"}}}""").For("a.io"));

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"auths":null,"credsStore":"desktop"}""")]
    [InlineData("""{"auths":{"ghcr.io":null}}""")]
    [InlineData("""{"auths":{"ghcr.io":{}}}""")]
    [InlineData("""{"auths":{"ghcr.io":{"auth":""}}}""")]
    [InlineData("""{"auths":{"ghcr.io":{"auth":"%%%"}}}""")]
    [InlineData("""{"auths":{"ghcr.io":{"auth":"bm9jb2xvbg=="}}}""")]
    public void A_file_without_a_login_has_none(string json) => Assert.Null(Parse(json).For("ghcr.io"));

    [Fact]
    public async Task A_login_made_while_we_run_counts_at_once()
    {
        var logins = new DockerLogins(File, NoHelpers, _log);
        Assert.Null(await logins.ForAsync("ghcr.io", Ct));

        await WriteAsync(Auths(("ghcr.io", "a:b")));
        Assert.Equal(new RegistryCredential.Basic("a", "b"), await logins.ForAsync("ghcr.io", Ct));

        System.IO.File.Delete(File);
        Assert.Null(await logins.ForAsync("ghcr.io", Ct));
    }

    [Fact]
    public async Task A_broken_file_is_reported_once_and_never_quoted()
    {
        var logins = new DockerLogins(File, NoHelpers, _log);
        await WriteAsync("""{"auths":{"ghcr.io":{"auth":"c2VjcmV0" "planted"}}}""");

        Assert.Null(await logins.ForAsync("ghcr.io", Ct));
        Assert.Null(await logins.ForAsync("ghcr.io", Ct));

        Assert.Equal([$"Docker's logins in {File} are not used: it is not valid JSON, line 1"], _log.Lines);
    }

    [Fact]
    public async Task The_agents_own_config_comes_before_dockers_logins()
    {
        await WriteAsync(Auths(("a.io", "docker:x"), ("b.io", "docker:y")));
        var own = new SettingsCredentials(System.Collections.Immutable.ImmutableDictionary<string, Core.Settings.RegistrySettings>.Empty.Add("a.io", Login("own", "z")));
        var chain = new CredentialChain(own, new DockerLogins(File, NoHelpers, _log));

        Assert.Equal(new RegistryCredential.Basic("own", "z"), await chain.ForAsync("a.io", Ct));
        Assert.Equal(new RegistryCredential.Basic("docker", "y"), await chain.ForAsync("b.io", Ct));
        Assert.Null(await chain.ForAsync("c.io", Ct));
    }

    [Fact]
    public void No_file_makes_it_throw_anything_unexpected() =>
        Gen.OneOf("{", "}", "\"auths\"", "\"a.io\"", "\"auth\"", ":", ",", "\"YTpi\"", "\"%\"", "\"identitytoken\"", "\"credsStore\"", "\"credHelpers\"", "null", "[]", "\"\\ud800\"", "1")
            .Array[0, 20].Select(parts => string.Concat(parts))
            .Sample(
                json =>
                {
                    try
                    {
                        var config = Parse(json);
                        config.For("a.io");
                        config.HelperOf("a.io");
                    }
                    catch (InvalidDataException)
                    {
                        // What a broken file is reported as.
                    }
                },
                iter: 20_000);

    private static string Auths(params (string Key, string Login)[] logins) =>
        "{\"auths\":{" + string.Join(',', logins.Select(login => $"\"{login.Key}\":{{\"auth\":\"{Scripts.Base64(login.Login)}\"}}")) + "}}";

    private static DockerConfig Parse(string json) => DockerConfig.Parse(Encoding.UTF8.GetBytes(json));

    private Task WriteAsync(string json) => System.IO.File.WriteAllTextAsync(File, json, Ct);
}
