using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine;

/// <summary>
/// Compares what was asked for and what was, with what the engine made of it. Whatever differs and was not meant to
/// is named; the old container still serves. Pure.
/// </summary>
internal static class LossProof
{
    /// <summary>Fields in which a difference is no loss: identities, and what follows from the image.</summary>
    private static readonly ImmutableHashSet<string> Generated = ["Image", "MacAddress", "NetworkDisabled"];

    public static ImmutableArray<string> Differences(BlueprintInput input, Blueprint blueprint, JsonObject made) =>
    [
        .. ConfigDifferences(input, blueprint, made["Config"]!.AsObject()),
        .. Members("HostConfig", blueprint.Create["HostConfig"]!.AsObject(), made["HostConfig"]!.AsObject()),
        .. MountDifferences(input, made),
        .. NetworkDifferences(input, made),
    ];

    private static IEnumerable<string> ConfigDifferences(BlueprintInput input, Blueprint blueprint, JsonObject made)
    {
        var defaults = input.NewImage["Config"] as JsonObject ?? [];
        foreach (var (name, asked) in blueprint.Create.Where(member => member.Key is not ("HostConfig" or "NetworkingConfig") && !Generated.Contains(member.Key)))
        {
            var kept = asked switch
            {
                JsonArray list when name == "Env" => list.Texts().All(made[name].Texts().Contains),
                JsonObject members => members.All(member => member.Value.IsNothing() ? name is not ("Labels" or "Volumes" or "ExposedPorts") || made[name] is JsonObject shown && shown.ContainsKey(member.Key) : JsonTrees.Same(member.Value, made[name]?[member.Key])),
                _ => JsonTrees.Same(asked, made[name]) || (asked.IsNothing() && JsonTrees.Same(made[name], defaults[name])),
            };
            if (!kept)
            {
                yield return $"Config.{name}";
            }
        }
    }

    private static IEnumerable<string> Members(string path, JsonObject asked, JsonObject made) =>
        asked.Where(member => !JsonTrees.Same(member.Value, member.Key == "Links" ? Links(made[member.Key]) : made[member.Key])).Select(member => $"{path}.{member.Key}");

    private static JsonArray Links(JsonNode? shown) => new([.. shown.Texts().Select(link => (JsonNode)HostBlueprint.Link(link))]);

    private static IEnumerable<string> MountDifferences(BlueprintInput input, JsonObject made)
    {
        var now = made["Mounts"].Items().OfType<JsonObject>().ToLookup(mount => mount["Destination"].Text());
        return input.Inspect["Mounts"].Items().OfType<JsonObject>()
            .Where(mount => !now[mount["Destination"].Text()].Any(other => Source(other) == Source(mount) && other["RW"].IsTrue() == mount["RW"].IsTrue()))
            .Select(mount => $"Mounts.{mount["Destination"].Text()}");
    }

    private static string? Source(JsonObject mount) => mount["Name"].Text() ?? mount["Source"].Text();

    private static IEnumerable<string> NetworkDifferences(BlueprintInput input, JsonObject made)
    {
        var now = made["NetworkSettings"]?["Networks"] as JsonObject ?? [];
        var madeInput = input with { Inspect = made };
        foreach (var (name, asked) in NetworkBlueprint.Draw(input))
        {
            if (now[name] is not JsonObject shown)
            {
                yield return $"NetworkSettings.Networks.{name}";
                continue;
            }

            var aliases = NetworkBlueprint.Aliases(shown, madeInput).ToHashSet(StringComparer.Ordinal);
            foreach (var field in asked.Where(field => field.Key switch
            {
                "Aliases" => !field.Value.Texts().All(aliases.Contains),
                "MacAddress" => !JsonTrees.Same(field.Value, shown[field.Key]) && !JsonTrees.Same(field.Value, made["Config"]?[field.Key]),
                _ => !JsonTrees.Same(field.Value, shown[field.Key]),
            }))
            {
                yield return $"NetworkSettings.Networks.{name}.{field.Key}";
            }
        }
    }
}
