using System.Net;

namespace Omis.Agent.Control;

/// <summary>A bucket for each address that lately failed to show a token. Bounded: an attacker has many addresses.</summary>
internal sealed class FailureCounts(Func<TokenBucket> make)
{
    private const int Most = 1000;

    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, TokenBucket> buckets = [];

    public TokenBucket Of(IPAddress? address)
    {
        var key = Network(address ?? IPAddress.None);
        lock (gate)
        {
            if (buckets.TryGetValue(key, out var known))
            {
                return known;
            }

            if (buckets.Count >= Most)
            {
                buckets.Clear();
            }

            return buckets[key] = make();
        }
    }

    /// <summary>Whoever has one IPv6 address has 2⁶⁴ of them.</summary>
    private static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6 || address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
