using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Omis.Agent.Hosting;

/// <summary>A certificate and its private key in two PEM files, with the intermediates that stand beside the certificate.</summary>
internal static class PemPair
{
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The agent's user may not read one.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">One is no PEM, or they do not fit each other.</exception>
    /// <exception cref="ArgumentException">Likewise.</exception>
    public static SslStreamCertificateContext Read(string certificateFile, string keyFile)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(certificateFile);
        using var leaf = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);

        // Windows does not take a key that was only read from a file.
        var whole = X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pfx), password: null);
        return SslStreamCertificateContext.Create(whole, [.. all.Skip(1)], offline: true);
    }
}
