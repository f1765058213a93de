using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;
using Omis.Agent.Core.Probing;

namespace Omis.Agent.Probes;

/// <summary>What a probe's connection may and may not do.</summary>
internal static class HttpConnection
{
    /// <summary>No proxy of the environment, no cookies, no redirect followed: what this container itself says is what counts.</summary>
    public static SocketsHttpHandler Fresh(ProbeSpec.Http spec)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
        if (spec.Insecure)
        {
            TrustAnyone(handler);
        }
        else if (spec.CaFile is { } path)
        {
            handler.SslOptions.CertificateChainPolicy = OnlyTrusting(path);
        }

        return handler;
    }

    [SuppressMessage("Security", "CA5359", Justification = "The operator said insecure, for this one probe.")]
    private static void TrustAnyone(SocketsHttpHandler handler) =>
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;

    /// <exception cref="UnusableCaFileException">It cannot be read or holds no certificate.</exception>
    private static X509ChainPolicy OnlyTrusting(string path)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new UnusableCaFileException($"caFile {path} cannot be used: {fault.Message}", fault);
        }

        return policy.CustomTrustStore.Count > 0 ? policy : throw new UnusableCaFileException($"caFile {path} holds no PEM certificate");
    }
}

internal sealed class UnusableCaFileException(string message, Exception? inner = null) : Exception(message, inner);
