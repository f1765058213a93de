using System.Net.Security;
using System.Security.Cryptography;
using Omis.Agent.Core.Naming;
using Omis.Agent.Hosting;

namespace Omis.Agent.Registries;

/// <summary>The certificate that proves to a registry who connects (mutual TLS), with the intermediates that stand beside it.</summary>
internal static class ClientCertificate
{
    /// <exception cref="EnvironmentException">They cannot be used. Says where, and nothing of what stands there.</exception>
    public static SslStreamCertificateContext Read(string certificateFile, string keyFile)
    {
        try
        {
            return PemPair.Read(certificateFile, keyFile);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentException(ReasonCode.RegistryUnavailable, $"certificateFile {certificateFile} or keyFile {keyFile} cannot be read ({fault.GetType().Name}); the agent's user needs the right to");
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            // The cause stays out: nobody has promised that it quotes nothing.
            throw new EnvironmentException(ReasonCode.RegistryUnavailable, $"certificateFile {certificateFile} and keyFile {keyFile} cannot be used; expected a PEM certificate, and its own private key as PEM without a password");
        }
    }
}
