using System.Net;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Configuration;

/// <summary>What is accepted and yet unwise on a port that others can reach.</summary>
internal static class ControlAdvice
{
    private const int FewestCharacters = 16;

    /// <summary>Often right all the same: a proxy in front may end TLS on another machine of a private network.</summary>
    public static string? Listen(ControlSettings control) =>
        control is { Listen: { } listen, CertificateFile: null } && !IsLoopback(Addresses.Endpoint(listen)!.Address)
            ? "others can reach this address, and there is no TLS on it: the token crosses the network as it is; listen on 127.0.0.1 behind a proxy that ends TLS, or give a certificateFile and keyFile"
            : null;

    public static string? Secret(string? secret) =>
        secret is { Length: < FewestCharacters }
            ? $"fewer than {FewestCharacters} characters can be guessed; 'openssl rand -hex 32' makes one that cannot"
            : null;

    private static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
