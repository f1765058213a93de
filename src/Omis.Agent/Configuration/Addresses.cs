using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Omis.Agent.Configuration;

/// <summary>The grammar of the addresses in the config.</summary>
internal static partial class Addresses
{
    /// <summary>Uri itself also takes blanks around an address and <c>unix:/path</c>, which other clients do not.</summary>
    public static Uri? Absolute(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && text.StartsWith(uri.Scheme + "://", StringComparison.Ordinal)
        && !text.Any(character => char.IsWhiteSpace(character) || char.IsControl(character))
            ? uri
            : null;

    public static bool IsUrl(string text) => Absolute(text) is { Scheme: "http" or "https", Host.Length: > 0 };

    public static bool IsHostAndPort(string text) =>
        HostAndPort().Match(text) is { Success: true } match && IsPort(match.Groups["port"].ValueSpan);

    /// <summary>A name could be many addresses, or other ones tomorrow; <c>localhost</c> is 127.0.0.1 here.</summary>
    /// <returns>Null where the text is no address of this machine's with a port.</returns>
    public static IPEndPoint? Endpoint(string text)
    {
        if (!IsHostAndPort(text))
        {
            return null;
        }

        var (host, port) = (text[..text.LastIndexOf(':')], int.Parse(text[(text.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture));
        return host == "localhost" ? new IPEndPoint(IPAddress.Loopback, port)
            : IPAddress.TryParse(host, out var address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || host.Count(character => character == '.') == 3) ? new IPEndPoint(address, port)
            : null;
    }

    /// <summary>With <c>{ip}</c> and <c>{port:8080}</c>, which are known only once there is a container.</summary>
    public static bool IsProbeUrl(string text) => FillIn(text) is { } filled && IsUrl(filled);

    /// <inheritdoc cref="IsProbeUrl"/>
    public static bool IsProbeAddress(string text) => FillIn(text) is { } filled && IsHostAndPort(filled);

    /// <returns>The address as it might be for some container; null where a placeholder is unknown.</returns>
    private static string? FillIn(string text)
    {
        var known = true;
        var filled = Placeholder().Replace(text, match =>
        {
            var isPort = match.Groups["port"].Success && IsPort(match.Groups["port"].ValueSpan);
            known &= isPort || match.Value == "{ip}";
            return isPort ? "80" : "127.0.0.1";
        });
        return known ? filled : null;
    }

    private static bool IsPort(ReadOnlySpan<char> digits) => int.Parse(digits, CultureInfo.InvariantCulture) is >= 1 and <= 65535;

    [GeneratedRegex(@"\{(?:port:(?<port>[0-9]{1,5})|[^{}]*)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^(?:\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9._\-]+):(?<port>[0-9]{1,5})\z")]
    private static partial Regex HostAndPort();
}
