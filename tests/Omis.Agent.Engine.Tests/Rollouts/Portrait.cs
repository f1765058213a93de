using System.Text.Json.Nodes;
using Omis.Agent.Core.Observing;

namespace Omis.Agent.Engine.Tests.Rollouts;

/// <summary>All of a container that an update must leave as it is: everything that a person or compose has set.</summary>
internal static class Portrait
{
    private static readonly string[] Renewed = ["com.docker.compose.image", .. WorkloadLabels.OfRollout];

    public static async Task<string> OfAsync(ComposeStack stack) =>
        string.Join('\n', (await stack.PsAsync()).Select(Of));

    public static string Of(ContainerFacts container)
    {
        var config = container.Json["Config"]!.DeepClone().AsObject();
        config.Remove("Hostname");
        foreach (var label in Renewed)
        {
            config["Labels"]?.AsObject().Remove(label);
        }

        var whole = new JsonObject
        {
            ["name"] = container.Name,
            ["config"] = config,
            ["host"] = container.Json["HostConfig"]!.DeepClone(),
            ["networks"] = new JsonObject(container.Json["NetworkSettings"]!["Networks"]!.AsObject().Select(network => KeyValuePair.Create(network.Key, (JsonNode?)Joined(network.Value!, container.Id)))),
            ["volumes"] = new JsonArray([.. container.Volumes.Order(StringComparer.Ordinal).Select(name => (JsonNode)name)]),
        };
        Prune(whole);
        return whole.ToJsonString(new() { WriteIndented = true });
    }

    private static JsonObject Joined(JsonNode network, string id) => new()
    {
        ["aliases"] = new JsonArray([.. (network["Aliases"] as JsonArray ?? []).Select(alias => alias.Text()).Where(alias => alias != id[..12]).Order(StringComparer.Ordinal).Select(alias => (JsonNode)alias)]),
        ["ipam"] = network["IPAMConfig"]?.DeepClone(),
        ["options"] = network["DriverOpts"]?.DeepClone(),
    };

    /// <summary>Whether nothing is written as null, as an empty list or not at all is the engine's affair.</summary>
    private static bool Prune(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            foreach (var name in map.Where(member => Prune(member.Value)).Select(member => member.Key).ToList())
            {
                map.Remove(name);
            }

            return map.Count == 0;
        }

        if (node is JsonArray list)
        {
            list.ToList().ForEach(item => Prune(item));
            return list.Count == 0;
        }

        return node is null;
    }
}
