using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;
using Omis.Agent.Hosting;
using Omis.Agent.Tests.Registries;
using Omis.Agent.Tests.Registries.Acr;

namespace Omis.Agent.Tests.Commands;

/// <summary>
/// One secret of each kind that can be told from everything else, in the config, its files, the environment, docker's
/// logins, a helper, Azure and every token issued, while registries throw back what they are given. Then whatever
/// people and tools come to see is searched: output, logs, documents, state, and the arguments of processes.
/// </summary>
[Collection(AzureEnvironment.Name)]
public sealed class PlantedSecretsTests : IAsyncDisposable
{
    private const string Mark = "planted-";

    private readonly Cli _cli = new();
    private readonly Variables _environment = new();
    private readonly List<ScriptedServer> _servers = [];
    private readonly List<string> _seen = [];
    private EntraServer _entra = null!;

    public async ValueTask DisposeAsync()
    {
        _environment.Dispose();
        _cli.Dispose();
        await _entra.DisposeAsync();
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task No_secret_of_any_kind_is_seen_anywhere()
    {
        _entra = await EntraServer.StartAsync();
        _entra.OnToken = async context =>
        {
            context.Response.StatusCode = 401;
            await EchoAsync(context, "");
        };
        await using var acr = await AcrServer.StartAsync();
        await PlantAsync(acr);
        _cli.Registries = Composition.Outside.Registry;

        foreach (var verb in (string[])["validate", "run --once", "status", "history"])
        {
            await SayAsync(verb + " --verbose");
            await SayAsync(verb + " --verbose --json");
        }

        AllWereUsed(acr);
        NoneIn(string.Join('\n', _seen));
        NoneIn(await StateAsync());
        NoneIn(await File.ReadAllTextAsync(Path.Combine(_cli.Folder, "docker-credential-fake.arguments")));
    }

    /// <summary>A secret that went nowhere would prove nothing.</summary>
    private void AllWereUsed(AcrServer acr)
    {
        var sent = string.Join('\n', _servers.SelectMany(server => server.Transcript).Select(received => Decoded(received.Authorization) + received.Body))
            + string.Join('\n', acr.Server.Transcript.Select(received => received.Authorization + received.Body));
        Assert.All(
            (string[])["planted-file-password", "planted-variable-password", "planted-docker-password", "planted-docker-identity", "planted-helper-secret", EntraServer.Token, "planted-refresh-1", "planted-access-1"],
            secret => Assert.Contains(secret, sent, StringComparison.Ordinal));
        Assert.Contains(_seen, text => text.Contains("signing in to Azure as service principal", StringComparison.Ordinal));
    }

    private async Task PlantAsync(AcrServer acr)
    {
        var file = await EchoServerAsync();
        var variable = await EchoServerAsync();
        var docker = await EchoServerAsync();
        var identity = await EchoServerAsync();
        var helper = await EchoServerAsync();
        var (secret, certificate) = ("10.255.255.254:1", "10.255.255.254:2");
        await File.WriteAllTextAsync(Path.Combine(_cli.Folder, "password"), "planted-file-password");
        await File.WriteAllTextAsync(Path.Combine(_cli.Folder, "secret"), "planted-client-secret");
        await PlantCertificateAsync();
        _cli.Environment["PASSWORD"] = "planted-variable-password";
        _cli.ConfigText($$"""
            { "state": { "directory": "{{_cli.StateDirectory}}" }, "defaults": { "healthy": { "stableFor": "0s", "deadline": "1s" } },
              "registries": {
                "{{file}}": { "username": "ci", "passwordFile": "password" },
                "{{variable}}": { "username": "ci", "password": "${PASSWORD}" },
                "{{acr.Name}}": { "azure": { "clientId": "{{Guid.NewGuid()}}" } },
                "{{secret}}": { "azure": { "credential": "servicePrincipal", "clientId": "app", "tenantId": "tenant", "clientSecretFile": "secret" } },
                "{{certificate}}": { "azure": { "credential": "servicePrincipal", "clientId": "app", "tenantId": "tenant", "certificateFile": "principal.pem", "certificatePassword": "planted-certificate-password" } }
              } }
            """);
        PlantDocker(docker, identity, helper);
        _environment
            .Set("DOCKER_CONFIG", Path.Combine(_cli.Folder, "docker"))
            .Set("PATH", $"{_cli.Folder}:{Environment.GetEnvironmentVariable("PATH")}")
            .Set("AZURE_POD_IDENTITY_AUTHORITY_HOST", _entra.Imds.Url)
            .Set("AZURE_AUTHORITY_HOST", _entra.Authority.Url);
        foreach (var (host, number) in new[] { file, variable, docker, identity, helper, secret, certificate, acr.Name }.Select((host, number) => (host, number)))
        {
            _cli.Source.Runs($"app-{number}", Cli.Old).With(workload => workload with { Image = $"{host}/team/app-{number}:latest" }, $"app-{number}");
        }
    }

    private void PlantDocker(string docker, string identity, string helper)
    {
        Directory.CreateDirectory(Path.Combine(_cli.Folder, "docker"));
        File.WriteAllText(Path.Combine(_cli.Folder, "docker", "config.json"), $$"""
            { "auths": { "{{docker}}": { "auth": "{{Scripts.Base64("ci:planted-docker-password")}}" }, "{{identity}}": { "identitytoken": "planted-docker-identity" } },
              "credHelpers": { "{{helper}}": "fake" } }
            """);
        Script.Write(_cli.Folder, "docker-credential-fake", """echo "$@" >> "$0.arguments"; echo planted-helper-noise >&2; echo '{"Username":"ci","Secret":"planted-helper-secret"}' """);
    }

    private async Task PlantCertificateAsync()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=principal", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var pem = key.ExportEncryptedPkcs8PrivateKeyPem("planted-certificate-password", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        await File.WriteAllTextAsync(Path.Combine(_cli.Folder, "principal.pem"), certificate.ExportCertificatePem() + "\n" + pem);
    }

    /// <summary>Wants a token, issues one, and throws back whatever it was given, in every place where that could end up in a message.</summary>
    private async Task<string> EchoServerAsync()
    {
        var server = await ScriptedServer.StartAsync(context => context.Request.Path == "/token" ? IssueAsync(context) : RefuseAsync(context));
        _servers.Add(server);
        return server.Authority;
    }

    private static Task IssueAsync(HttpContext context) => Scripts.Json("""{"token":"planted-issued-token"}""")(context);

    private static async Task RefuseAsync(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        context.Response.StatusCode = authorization.Length == 0 ? 401 : 403;
        context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"http://{context.Request.Host}/token\",service=\"s\",error=\"{authorization}\"";
        await EchoAsync(context, authorization);
    }

    private static async Task EchoAsync(HttpContext context, string more)
    {
        using var body = new StreamReader(context.Request.Body);
        var said = await body.ReadToEndAsync() + more;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.WriteAsync($$"""{"error":"invalid_client","error_description":"{{said}}"}""");
        }
    }

    private async Task SayAsync(string line)
    {
        var said = await _cli.RunAsync(line.Split(' '));
        _seen.Add($"{line}\n{said.Out}\n{said.Error}");
        _cli.Time.Advance(TimeSpan.FromMinutes(20));
    }

    /// <summary>The bytes of every file of the state, whatever they mean.</summary>
    private async Task<string> StateAsync()
    {
        var text = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(_cli.StateDirectory, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);
            text.Append(Encoding.Latin1.GetString(bytes.ToArray()));
        }

        Assert.Contains("SQLite format 3", text.ToString(), StringComparison.Ordinal);
        return text.ToString();
    }

    /// <summary>The mark, plain or as base64 at each of its three offsets would have it.</summary>
    private static void NoneIn(string text)
    {
        ImmutableArray<string> forms = [Mark, .. Enumerable.Range(0, 3).Select(InBase64)];
        Assert.All(forms, form => Assert.DoesNotContain(form, text, StringComparison.Ordinal));
    }

    private static string InBase64(int offset)
    {
        var text = Scripts.Base64(new string('x', offset) + Mark + "xxx");
        return text[(offset == 0 ? 0 : 4)..(text.Length - 8)];
    }

    private static string Decoded(string? authorization) =>
        authorization?.StartsWith("Basic ", StringComparison.Ordinal) == true ? Encoding.UTF8.GetString(Convert.FromBase64String(authorization["Basic ".Length..])) : authorization ?? "";
}
