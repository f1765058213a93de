using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Omis.Agent.Testing;

/// <summary>A certificate authority of the test's own, its root in a PEM file.</summary>
public sealed class TestCa : IDisposable
{
    private static readonly Oid ForServers = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ForClients = new("1.3.6.1.5.5.7.3.2");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("omis-test-ca-");
    private readonly X509Certificate2 _root;

    public TestCa()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        RootFile = Write("root.pem", _root.ExportCertificatePem());
    }

    public string RootFile { get; }

    /// <summary>For a server at that address.</summary>
    public X509Certificate2 Issue(IPAddress address)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        return Issue("registry", ForServers, names.Build());
    }

    /// <summary>For a client that proves with it who it is.</summary>
    public X509Certificate2 IssueClient(string name) => Issue(name, ForClients);

    /// <summary>The certificate and its key as PEM files.</summary>
    public (string Certificate, string Key) Files(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return (Write($"{certificate.Thumbprint}.pem", certificate.ExportCertificatePem()), Write($"{certificate.Thumbprint}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    public string Write(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _root.Dispose();
    }

    private X509Certificate2 Issue(string name, Oid purpose, params X509Extension[] more)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([purpose], false));
        foreach (var extension in more)
        {
            request.CertificateExtensions.Add(extension);
        }

        using var leaf = request.Create(_root, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
        using var withKey = leaf.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }
}
