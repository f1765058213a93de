using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Core.Naming;
using Omis.Agent.Registries.Credentials;
using static Omis.Agent.Tests.Registries.Asking;

namespace Omis.Agent.Tests.Registries;

/// <summary>Which helper docker's config.json means, and how often it is started.</summary>
public sealed class HelperLoginsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("omis-test-").FullName;
    private readonly FakeTimeProvider _clock = new();
    private readonly ListLogger<DockerLogins> _log = new();
    private readonly DockerLogins _logins;

    public HelperLoginsTests()
    {
        var helper = new CredentialHelper(() => $"{_folder}:/usr/bin:/bin", TimeSpan.FromSeconds(20), TimeProvider.System);
        _logins = new DockerLogins(Config, new HelperLogins(helper, _clock), _log);
    }

    private string Config => Path.Combine(_folder, "config.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("a.io", "own:a.io")]
    [InlineData("b.io", "store:b.io")]
    [InlineData("docker.io", "hub:https://index.docker.io/v1/")]
    public async Task A_registrys_own_helper_comes_before_the_store(string registry, string expected)
    {
        Helper("own");
        Helper("store");
        Helper("hub");
        await WriteAsync("""{"credsStore":"store","credHelpers":{"a.io":"own","docker.io":"hub"},"auths":{"a.io":{"auth":"ZmlsZTp4"},"b.io":{"auth":"ZmlsZTp4"}}}""");

        Assert.Equal(new RegistryCredential.Basic(expected.Split(':')[0], expected[(expected.IndexOf(':', StringComparison.Ordinal) + 1)..]), await _logins.ForAsync(registry, Ct));
    }

    [Theory]
    [InlineData("""{"credsStore":"none","auths":{"a.io":{"auth":"ZmlsZTp4"}}}""")]
    [InlineData("""{"credHelpers":{"a.io":"none"},"auths":{"a.io":{"auth":"ZmlsZTp4"}}}""")]
    [InlineData("""{"credsStore":"none","credHelpers":{"a.io":""},"auths":{"a.io":{"auth":"ZmlsZTp4"}}}""")]
    public async Task What_no_helper_knows_may_stand_in_the_file(string config)
    {
        Script.Write(_folder, "docker-credential-none", "echo 'credentials not found in native keychain'; exit 1");
        await WriteAsync(config);

        Assert.Equal(new RegistryCredential.Basic("file", "x"), await _logins.ForAsync("a.io", Ct));
    }

    [Fact]
    public async Task A_helper_is_started_once_a_minute_however_many_ask()
    {
        Helper("store");
        await WriteAsync("""{"credsStore":"store"}""");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _logins.ForAsync("a.io", Ct).AsTask()));
        Assert.Equal(1, Starts("store"));

        _clock.Advance(TimeSpan.FromMinutes(1));
        await _logins.ForAsync("a.io", Ct);
        Assert.Equal(2, Starts("store"));
    }

    [Fact]
    public async Task A_login_that_was_refused_or_a_changed_file_asks_the_helper_anew()
    {
        Helper("store");
        await WriteAsync("""{"credsStore":"store"}""");
        var first = await _logins.ForAsync("a.io", Ct);

        _logins.Refused("a.io", first!);
        await _logins.ForAsync("a.io", Ct);
        Assert.Equal(2, Starts("store"));

        await WriteAsync("""{"credsStore":"store"   }""");
        await _logins.ForAsync("a.io", Ct);
        Assert.Equal(3, Starts("store"));
    }

    [Fact]
    public async Task A_store_that_fails_is_as_none_and_said_once()
    {
        await WriteAsync("""{"credsStore":"missing","auths":{"a.io":{"auth":"ZmlsZTp4"}}}""");

        Assert.Null(await _logins.ForAsync("public.io", Ct));
        Assert.Equal(new RegistryCredential.Basic("file", "x"), await _logins.ForAsync("a.io", Ct));

        Assert.Equal("Registries are asked without a login: docker-credential-missing, which docker's config.json names for public.io, is no program on the agent's PATH; install it, or take it out of docker's config.json", Assert.Single(_log.Lines));
    }

    [Fact]
    public async Task A_helper_that_fails_for_its_own_registry_is_the_reason_why_there_is_no_answer()
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Found);
        await WriteAsync("{\"credHelpers\":{\"" + server.Authority + "\":\"missing\"}}");
        using var registry = Registry(_logins);

        var failed = await FailedAsync(registry, App(server), ReasonCode.RegistryUnauthorized);

        Assert.StartsWith("docker-credential-missing, which docker's config.json names for 127.0.0.1:", failed.Detail, StringComparison.Ordinal);
        Assert.Empty(server.Transcript);
    }

    /// <summary>Gives its own name and what it was asked for.</summary>
    private void Helper(string name) => Script.Write(
        _folder, "docker-credential-" + name, """read server; echo started >> "$0.starts"; printf '{"Username":"%s","Secret":"%s"}' "${0##*-}" "$server" """);

    private int Starts(string name) => File.ReadLines(Path.Combine(_folder, $"docker-credential-{name}.starts")).Count();

    private Task WriteAsync(string json) => File.WriteAllTextAsync(Config, json, Ct);
}
