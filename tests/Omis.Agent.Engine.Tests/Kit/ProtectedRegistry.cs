using System.Net;
using System.Text.RegularExpressions;
using Omis.Agent.Testing;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>
/// A real registry that wants a token, of a realm in the test's own process. It reads the storage of the lab's registry,
/// so what is pushed there can be pulled here.
/// </summary>
public sealed partial class ProtectedRegistry : IAsyncDisposable
{
    private readonly TestCa ca = new();
    private readonly bool tls;
    private ChildProcess? process;

    private ProtectedRegistry(bool tls) => this.tls = tls;

    public TokenServer Realm { get; private set; } = null!;

    /// <summary>host:port, as image references have it.</summary>
    public string Address { get; private set; } = "";

    public AccessLog Log { get; private set; } = null!;

    public Uri Root => new($"{(tls ? "https" : "http")}://{Address}/");

    /// <summary>Whom the agent must trust where it speaks TLS.</summary>
    public string CaFile => ca.RootFile;

    public static Task<ProtectedRegistry> StartAsync(TokenDialect dialect, bool tls) =>
        new ProtectedRegistry(tls).OrDisposeAsync(registry => registry.UpAsync(dialect));

    /// <summary>An agent's config for this registry.</summary>
    /// <param name="login">More keys of the registry's object.</param>
    public string Config(string login)
    {
        var trust = tls ? $"\"caFile\": \"{CaFile}\"" : "\"plainHttp\": true";
        return $$"""{ "registries": { "{{Address}}": { {{trust}}{{(login.Length > 0 ? ", " + login : "")}} } } }""";
    }

    /// <summary>Docker's config.json with a login here.</summary>
    /// <param name="auth">The keys of the registry's entry.</param>
    public string DockerConfig(string auth) => $$"""{ "auths": { "{{Address}}": { {{auth}} } } }""";

    public async ValueTask DisposeAsync()
    {
        process?.Dispose();
        if (Realm is not null)
        {
            await Realm.DisposeAsync();
        }

        ca.Dispose();
    }

    private async Task UpAsync(TokenDialect dialect)
    {
        var facts = Lab.Current.RegistryFacts;
        using var certificate = ca.Issue(IPAddress.Loopback);
        Realm = await TokenServer.StartAsync(dialect, tls ? ca.Issue(IPAddress.Loopback) : null);
        var (certificateFile, keyFile) = ca.Files(certificate);
        var config = ca.Write("registry.yml", $$"""
            version: 0.1
            log: { level: info, accesslog: { disabled: false } }
            storage:
              filesystem: { rootdirectory: {{Storage().Match(await File.ReadAllTextAsync(facts.ConfigFile)).Groups[1].Value}} }
              maintenance: { uploadpurging: { enabled: false }, readonly: { enabled: true } }
            http:
              addr: 127.0.0.1:0
              {{(tls ? $"tls: {{ certificate: {certificateFile}, key: {keyFile} }}" : "")}}
            auth:
              token: { realm: "{{Realm.Realm}}", service: {{TokenServer.Service}}, issuer: {{TokenServer.Issuer}}, rootcertbundle: {{ca.Write("tokens.pem", Realm.SignerPem)}} }
            """);
        process = ChildProcess.Start(facts.Binary, ["serve", config], new Dictionary<string, string?>(), Path.GetDirectoryName(config)!);
        Address = await Eventually.GetAsync("the protected registry listens", () => Task.FromResult(Listens().Match(process.Errors) is { Success: true } match ? match.Groups[1].Value
            : process.HasExited ? throw new InvalidOperationException(process.Errors) : null));
        Log = new AccessLog(Root, () => Task.FromResult(process.Output));
    }

    [GeneratedRegex(@"rootdirectory: (\S+)")]
    private static partial Regex Storage();

    [GeneratedRegex(@"listening on (127\.0\.0\.1:[0-9]+)")]
    private static partial Regex Listens();
}
