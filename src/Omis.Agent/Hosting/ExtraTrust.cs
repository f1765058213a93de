using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Hosting;

/// <summary>The system's trust plus the roots in one PEM file. The host name is verified all the same.</summary>
internal static class ExtraTrust
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <exception cref="EnvironmentException">The file cannot be used.</exception>
    public static RemoteCertificateValidationCallback From(string caFile)
    {
        var roots = Roots(caFile);
        return (_, certificate, chain, errors) =>
            errors == SslPolicyErrors.None
            || (errors == SslPolicyErrors.RemoteCertificateChainErrors && certificate is X509Certificate2 leaf && Leads(leaf, chain, roots));
    }

    private static X509Certificate2Collection Roots(string caFile)
    {
        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(caFile);
            return roots.Count > 0 ? roots : throw new CryptographicException("it holds no PEM certificate");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new EnvironmentException(ReasonCode.RegistryUnavailable, $"caFile {caFile} cannot be used: {fault.Message}");
        }
    }

    private static bool Leads(X509Certificate2 leaf, X509Chain? sent, X509Certificate2Collection roots)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        chain.ChainPolicy.ExtraStore.AddRange(sent?.ChainPolicy.ExtraStore ?? []);
        return chain.Build(leaf);
    }
}
