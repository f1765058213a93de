using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Omis.Agent.Control;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Control.Api;

/// <summary>The port with a certificate, which is renewed while it is open.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("omis-tls-").FullName;

    private string Certificate => Path.Combine(folder, "cert.pem");

    private string Key => Path.Combine(folder, "key.pem");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Callers_are_shown_the_certificate_and_the_next_one_once_it_is_there()
    {
        Write("first");
        await using var listener = await OpenAsync();
        Assert.Equal(("ok\n", "CN=first"), await AskAsync(listener));

        Write("second");
        Assert.Equal(("ok\n", "CN=second"), await AskAsync(listener));

        // Half a renewal: the certificate before it holds on.
        await File.WriteAllTextAsync(Certificate, "nonsense");
        File.SetLastWriteTimeUtc(Certificate, DateTime.UtcNow.AddMinutes(9));
        Assert.Equal(("ok\n", "CN=second"), await AskAsync(listener));
    }

    [Fact]
    public async Task Who_speaks_no_tls_is_not_answered()
    {
        Write("first");
        await using var listener = await OpenAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(new Uri($"http://{listener.Address}/livez")));
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_is_told()
    {
        Write("first");
        await File.WriteAllTextAsync(Key, "nonsense");

        var fault = await Assert.ThrowsAsync<IOException>(OpenAsync);

        Assert.Contains(Key, fault.Message, StringComparison.Ordinal);
    }

    private Task<Listener> OpenAsync() =>
        Listener.OpenAsync(new Door.Port(new IPEndPoint(IPAddress.Loopback, 0), Certificate, Key), new Reception(new Routes(HealthRoutes.Of(() => null)), new ListLogger<Reception>()));

    private static async Task<(string, string?)> AskAsync(Listener listener)
    {
        string? subject = null;
        using var handler = new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => (subject = certificate?.Subject) is not null } };
        using var http = new HttpClient(handler);
        return (await http.GetStringAsync(new Uri($"https://{listener.Address}/livez")), subject);
    }

    private void Write(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
        var later = DateTime.UtcNow.AddSeconds(name == "first" ? 1 : 5);
        File.SetLastWriteTimeUtc(Certificate, later);
        File.SetLastWriteTimeUtc(Key, later);
    }
}
