using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine;

/// <summary>
/// From a container as the engine shows it to the request that creates it again on another image. Pure, on JSON trees,
/// so that fields no one here has heard of survive. What the old image gave by default is taken away, since the engine
/// adds the new image's defaults itself; what the person set stays.
/// </summary>
internal static class ContainerBlueprint
{
    /// <summary>From this version on all networks may be named at create; below it one, and the rest by connect. Source: Engine API history, 1.44.</summary>
    public static readonly Version ManyNetworks = new(1, 44);

    public static Blueprint Draw(BlueprintInput input)
    {
        var create = ConfigBlueprint.Draw(input);
        var host = HostBlueprint.Draw(input);
        create["HostConfig"] = host;
        var networks = NetworkBlueprint.Draw(input);
        var first = networks.ContainsKey(input.FirstNetwork) ? input.FirstNetwork : networks.Keys.Order(StringComparer.Ordinal).FirstOrDefault();
        var atOnce = input.ApiVersion >= ManyNetworks ? networks : networks.Where(network => network.Key == first).ToImmutableDictionary();
        create["NetworkingConfig"] = new JsonObject
        {
            ["EndpointsConfig"] = new JsonObject(atOnce.OrderBy(network => network.Key, StringComparer.Ordinal).Select(network => KeyValuePair.Create<string, JsonNode?>(network.Key, network.Value))),
        };
        return new Blueprint(create, networks.RemoveRange(atOnce.Keys));
    }
}

/// <param name="Inspect">The container as it is.</param>
/// <param name="OldImage">Inspect of the image it was made from.</param>
/// <param name="NewImage">Inspect of the image it moves to.</param>
/// <param name="Image">What <c>Config.Image</c> is to read: <c>repo:tag</c>.</param>
/// <param name="Labels">Labels of the agent to add; others of the agent are taken away.</param>
/// <param name="Renewed">New container ids by old, for modes that name a container.</param>
internal sealed record BlueprintInput(JsonObject Inspect, JsonObject OldImage, JsonObject NewImage, string Image, ImmutableDictionary<string, string> Labels, ImmutableDictionary<string, string> Renewed, Version ApiVersion)
{
    public string Id => Inspect["Id"].Text()!;

    public JsonObject Config => Inspect["Config"]!.AsObject();

    public JsonObject Host => Inspect["HostConfig"]!.AsObject();

    public JsonObject OldDefaults => OldImage["Config"] as JsonObject ?? [];

    public string NetworkMode => Host["NetworkMode"].Text() ?? "";

    /// <summary>The network that the mode names.</summary>
    public string FirstNetwork => NetworkMode is "default" or "" ? "bridge" : NetworkMode;

    /// <summary>A container id in a <c>container:…</c> mode, exchanged for the new one where that one was renewed.</summary>
    public string Current(string id) => Renewed.GetValueOrDefault(id, id);
}

/// <param name="Create">The body of <c>POST /containers/create</c>.</param>
/// <param name="Connects">Further networks, for engines that take only one at create.</param>
internal sealed record Blueprint(JsonObject Create, ImmutableDictionary<string, JsonObject> Connects);
