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

    /// <summary>What was asked for is there, and what was not asked for is the new image's or nothing.</summary>
    private static IEnumerable<string> ConfigDifferences(BlueprintInput input, Blueprint blueprint, JsonObject made)
    {
        var defaults = input.NewImage["Config"] as JsonObject ?? [];
        var names = blueprint.Create.Select(member => member.Key).Union(made.Select(member => member.Key)).Except(["HostConfig", "NetworkingConfig"]).Where(name => !Generated.Contains(name));
        return names.Where(name => !IsExplained(name, blueprint.Create[name], made[name], defaults[name])).Select(name => $"Config.{name}");
    }

    private static bool IsExplained(string name, JsonNode? asked, JsonNode? made, JsonNode? byDefault) => name switch
    {
        "Env" => asked.Texts().All(made.Texts().Contains) && made.Texts().All(one => asked.Texts().Contains(one) || byDefault.Texts().Contains(one)),
        "Labels" or "Volumes" or "ExposedPorts" => Merged(asked, byDefault, made),
        "Healthcheck" => asked.Members().All(member => member.Value.IsNothing() || JsonTrees.Same(member.Value, made?[member.Key])),
        "Hostname" or "Domainname" when asked is null => true,
        _ => JsonTrees.Same(asked, made) || (asked.IsNothing() && (JsonTrees.Same(made, byDefault) || ConfigBlueprint.IsTheEngines(name, made))),
    };

    /// <summary>The engine adds the image's members that the request does not name.</summary>
    private static bool Merged(JsonNode? asked, JsonNode? byDefault, JsonNode? made)
    {
        var wanted = asked.Members().Concat(byDefault.Members().Where(member => asked is not JsonObject own || !own.ContainsKey(member.Key))).ToDictionary();
        return wanted.Count == made.Members().Count() && wanted.All(member => made is JsonObject shown && shown.TryGetPropertyValue(member.Key, out var value) && JsonTrees.Same(member.Value, value));
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

                // Nobody here has heard of it: it may be set or generated, but it must not be gone.
                _ when !NetworkBlueprint.Configured.Contains(field.Key) => shown[field.Key].IsNothing(),
                _ => !JsonTrees.Same(field.Value, shown[field.Key]),
            }))
            {
                yield return $"NetworkSettings.Networks.{name}.{field.Key}";
            }
        }
    }
}
