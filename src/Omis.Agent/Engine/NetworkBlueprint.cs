using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine;

/// <summary>
/// The networks: what was configured is kept, what the engine generated (assigned addresses and MACs, the short-id
/// alias, DNS names) is left for it to generate again.
/// </summary>
internal static class NetworkBlueprint
{
    /// <summary>What a person can set, as far as it is known. Source: Engine API 1.51, EndpointSettings.</summary>
    public static readonly ImmutableHashSet<string> Configured = ["IPAMConfig", "Links", "DriverOpts", "GwPriority", "Aliases", "MacAddress"];

    private static readonly ImmutableHashSet<string> Generated =
        ["NetworkID", "EndpointID", "Gateway", "IPAddress", "IPPrefixLen", "IPv6Gateway", "GlobalIPv6Address", "GlobalIPv6PrefixLen", "DNSNames", "Aliases", "MacAddress"];

    public static ImmutableDictionary<string, JsonObject> Draw(BlueprintInput input) =>
        input.NetworkMode is "host" or "none" || input.NetworkMode.StartsWith("container:", StringComparison.Ordinal)
            ? ImmutableDictionary<string, JsonObject>.Empty
            : input.Inspect["NetworkSettings"]?["Networks"].Members().Where(network => network.Value is JsonObject)
                .ToImmutableDictionary(network => network.Key, network => Endpoint(network.Key, network.Value!.AsObject(), input))
                ?? ImmutableDictionary<string, JsonObject>.Empty;

    private static JsonObject Endpoint(string network, JsonObject shown, BlueprintInput input)
    {
        // Fields of engines to come are carried along: better asked for twice than lost.
        var endpoint = new JsonObject(shown.Where(field => !Generated.Contains(field.Key) && !field.Value.IsNothing()).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
        var aliases = Aliases(shown, input).ToArray();
        if (aliases.Length > 0)
        {
            endpoint["Aliases"] = new JsonArray([.. aliases.Select(alias => (JsonNode)alias)]);
        }

        if (HasOwnMac(network, shown, input))
        {
            endpoint["MacAddress"] = shown["MacAddress"]!.DeepClone();
        }

        return endpoint;
    }

    /// <summary>
    /// A configured address stands in <c>Config</c> for the network of the mode alone. On another one it shows by not
    /// being made from the IP address, as those generated before engine 28 are; 28 rolls dice, and what may be either is
    /// kept. Source: moby 28.5, daemon/inspect.go, and libnetwork/netutils/utils.go.
    /// </summary>
    private static bool HasOwnMac(string network, JsonObject shown, BlueprintInput input) =>
        shown["MacAddress"].Text() is { Length: > 0 } mac
        && (mac == input.Config["MacAddress"].Text()
            || (input.ApiVersion >= ContainerBlueprint.ManyNetworks && network != input.FirstNetwork && mac != Made(shown["IPAddress"].Text())));

    /// <summary><c>02:42</c> and the four bytes of the address.</summary>
    private static string? Made(string? address) =>
        IPAddress.TryParse(address, out var ip) ? "02:42:" + string.Join(':', ip.GetAddressBytes().Select(part => part.ToString("x2", CultureInfo.InvariantCulture))) : null;

    /// <summary>Below API 1.45 the short id stands among the aliases.</summary>
    public static IEnumerable<string> Aliases(JsonObject shown, BlueprintInput input) =>
        shown["Aliases"].Texts().Where(alias => alias != input.Id[..12]).Distinct(StringComparer.Ordinal);
}
