using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Entra;

/// <summary>A service principal's certificate and key, from PEM or PKCS#12.</summary>
internal static class PrincipalCertificate
{
    /// <exception cref="EnvironmentException">It cannot be read. Says where, never what.</exception>
    public static X509Certificate2 Read(string file, string? password)
    {
        try
        {
            var certificate = IsPem(file) ? Pem(file, password) : X509CertificateLoader.LoadPkcs12FromFile(file, password);
            return certificate.HasPrivateKey ? certificate : throw new CryptographicException();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentException(ReasonCode.RegistryUnauthorized, $"certificateFile {file} cannot be read ({fault.GetType().Name}); the agent's user needs the right to");
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            // The cause stays out: nobody has promised that it quotes nothing.
            throw new EnvironmentException(
                ReasonCode.RegistryUnauthorized,
                $"certificateFile {file} cannot be used; expected a certificate with its private key, PEM or PKCS#12{(password is null ? ", or a certificatePassword" : ", that certificatePassword opens")}");
        }
    }

    private static X509Certificate2 Pem(string file, string? password) =>
        password is null ? X509Certificate2.CreateFromPemFile(file) : X509Certificate2.CreateFromEncryptedPemFile(file, password);

    private static bool IsPem(string file)
    {
        using var stream = File.OpenRead(file);
        Span<byte> start = stackalloc byte[64];
        var read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return read > 0 && !start[..read].ContainsAnyExceptInRange((byte)'\t', (byte)'~');
    }
}
