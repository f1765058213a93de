using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine;

/// <summary>
/// The networks: what was configured is kept, what the engine generated (assigned addresses and MACs, the short-id
/// alias, DNS names) is left for it to generate again.
/// </summary>
internal static class NetworkBlueprint
{
    private static readonly string[] Configured = ["IPAMConfig", "Links", "DriverOpts", "GwPriority"];

    public static ImmutableDictionary<string, JsonObject> Draw(BlueprintInput input) =>
        input.NetworkMode is "host" or "none" || input.NetworkMode.StartsWith("container:", StringComparison.Ordinal)
            ? ImmutableDictionary<string, JsonObject>.Empty
            : input.Inspect["NetworkSettings"]?["Networks"].Members().Where(network => network.Value is JsonObject)
                .ToImmutableDictionary(network => network.Key, network => Endpoint(network.Value!.AsObject(), input))
                ?? ImmutableDictionary<string, JsonObject>.Empty;

    private static JsonObject Endpoint(JsonObject shown, BlueprintInput input)
    {
        var endpoint = new JsonObject();
        foreach (var name in Configured.Where(name => !shown[name].IsNothing()))
        {
            endpoint[name] = shown[name]!.DeepClone();
        }

        var aliases = Aliases(shown, input).ToArray();
        if (aliases.Length > 0)
        {
            endpoint["Aliases"] = new JsonArray([.. aliases.Select(alias => (JsonNode)alias)]);
        }

        if (input.Config["MacAddress"].Text() is { Length: > 0 } mac && shown["MacAddress"].Text() == mac)
        {
            endpoint["MacAddress"] = mac;
        }

        return endpoint;
    }

    /// <summary>Below API 1.45 the short id stands among the aliases.</summary>
    public static IEnumerable<string> Aliases(JsonObject shown, BlueprintInput input) =>
        shown["Aliases"].Texts().Where(alias => alias != input.Id[..12]).Distinct(StringComparer.Ordinal);
}
