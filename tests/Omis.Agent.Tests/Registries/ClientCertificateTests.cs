using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;
using Omis.Agent.Testing;
using static Omis.Agent.Tests.Registries.Asking;

namespace Omis.Agent.Tests.Registries;

/// <summary>Registries that let nobody in who shows no certificate (mutual TLS).</summary>
public sealed class ClientCertificateTests : IDisposable
{
    private readonly TestCa _ca = new();

    public void Dispose() => _ca.Dispose();

    [Fact]
    public async Task A_registry_that_asks_for_a_certificate_is_shown_it()
    {
        using var certificate = _ca.IssueClient("agent");
        string? seen = null;
        await using var server = await StartAsync(context =>
        {
            seen = context.Connection.ClientCertificate?.Subject;
            return Scripts.Found(context);
        });
        using var registry = Registry(registries: (server.Authority, Settings(certificate)));

        Assert.Equal(Scripts.Digest, await FoundAsync(registry, App(server)));
        Assert.Equal("CN=agent", seen);
    }

    [Fact]
    public async Task Without_one_it_lets_nobody_in()
    {
        await using var server = await StartAsync(Scripts.Found);
        using var registry = Registry(registries: (server.Authority, new RegistrySettings { CaFile = _ca.RootFile }));

        await FailedAsync(registry, App(server), ReasonCode.RegistryUnavailable);
        Assert.Empty(server.Transcript);
    }

    [Fact]
    public async Task A_renewed_certificate_counts_at_once()
    {
        using var first = _ca.IssueClient("first");
        using var second = _ca.IssueClient("second");
        var seen = new List<string?>();
        await using var server = await StartAsync(context =>
        {
            seen.Add(context.Connection.ClientCertificate?.Subject);
            return Scripts.Found(context);
        });
        var settings = Settings(first);
        using var registry = Registry(registries: (server.Authority, settings));
        await FoundAsync(registry, App(server));

        var (certificate, key) = _ca.Files(second);
        File.Copy(certificate, settings.CertificateFile!, overwrite: true);
        File.Copy(key, settings.KeyFile!, overwrite: true);
        File.SetLastWriteTimeUtc(settings.KeyFile!, DateTime.UtcNow.AddMinutes(1));
        await FoundAsync(registry, App(server));

        Assert.Equal(["CN=first", "CN=second"], seen);
    }

    [Fact]
    public async Task A_file_that_is_missing_is_named_and_holds_up_nothing_once_it_is_there()
    {
        using var certificate = _ca.IssueClient("agent");
        await using var server = await StartAsync(Scripts.Found);
        var settings = Settings(certificate);
        var aside = settings.KeyFile + ".aside";
        File.Move(settings.KeyFile!, aside);
        using var registry = Registry(patience: new() { RetryDelay = TimeSpan.Zero }, registries: (server.Authority, settings));

        var failed = await FailedAsync(registry, App(server), ReasonCode.RegistryUnavailable);
        Assert.Equal($"certificateFile {settings.CertificateFile} or keyFile {settings.KeyFile} cannot be read (FileNotFoundException); the agent's user needs the right to", failed.Detail);

        // A fault of this machine is none of the registry's: it is not left alone for it.
        File.Move(aside, settings.KeyFile!);
        await FoundAsync(registry, App(server));
    }

    [Fact]
    public async Task Files_that_do_not_belong_together_are_named_and_never_quoted()
    {
        using var mine = _ca.IssueClient("mine");
        using var other = _ca.IssueClient("other");
        foreach (var (certificate, key) in new[] { (_ca.Files(mine).Certificate, _ca.Files(other).Key), (_ca.Files(mine).Key, _ca.Files(mine).Certificate), (_ca.Write("a.pem", "planted"), _ca.Write("b.pem", "planted")) })
        {
            using var registry = Registry(registries: ("registry.example.com", new RegistrySettings { CertificateFile = certificate, KeyFile = key }));
            var failed = await FailedAsync(registry, ImageReference.Parse("registry.example.com/app"), ReasonCode.RegistryUnavailable);
            Assert.Equal($"certificateFile {certificate} and keyFile {key} cannot be used; expected a PEM certificate, and its own private key as PEM without a password", failed.Detail);
        }
    }

    [Fact]
    public async Task A_certificate_is_shown_to_no_host_that_the_registry_sends_us_to()
    {
        using var certificate = _ca.IssueClient("agent");
        var shown = new List<bool>();
        await using var elsewhere = await ScriptedServer.StartAsync(
            context =>
            {
                shown.Add(context.Connection.ClientCertificate is not null);
                return Scripts.Found(context);
            },
            _ca.Issue(IPAddress.Parse("127.0.0.2")),
            https =>
            {
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.ClientCertificateValidation = (_, _, _) => true;
            },
            IPAddress.Parse("127.0.0.2"));
        await using var server = await StartAsync(Scripts.Redirect($"{elsewhere.Url}/v2/elsewhere"));
        using var registry = Registry(registries: (server.Authority, Settings(certificate)));

        await FoundAsync(registry, App(server));
        Assert.Equal([false], shown);
    }

    private RegistrySettings Settings(X509Certificate2 certificate)
    {
        var (file, key) = _ca.Files(certificate);
        return new RegistrySettings { CaFile = _ca.RootFile, CertificateFile = file, KeyFile = key };
    }

    private Task<ScriptedServer> StartAsync(Func<HttpContext, Task> script) => ScriptedServer.StartAsync(script, _ca.Issue(IPAddress.Loopback), https =>
    {
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = (certificate, _, _) =>
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(_ca.RootFile);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            return chain.Build(certificate);
        };
    });
}
