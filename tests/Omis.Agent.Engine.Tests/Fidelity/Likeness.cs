using System.Text.Json.Nodes;
using Omis.Agent.Core.Observing;

namespace Omis.Agent.Engine.Tests.Fidelity;

/// <summary>
/// What makes two containers the same for whoever configured them, as lines of "path = value": all that inspect shows
/// of their configuration, less what the engine makes up for each of them.
/// </summary>
internal static class Likeness
{
    private static readonly string[] Unordered = ["Env", "Binds", "Aliases", "Links"];

    private static readonly string[] Ours = [.. WorkloadLabels.OfRollout, "com.docker.compose.replace"];

    /// <param name="others">What containers that this one may be bound to are called, by id.</param>
    public static IReadOnlyList<string> Of(ContainerFacts container, IReadOnlyDictionary<string, string>? others = null)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        var whole = new JsonObject
        {
            ["Path"] = container.Json["Path"]?.DeepClone(),
            ["Args"] = container.Json["Args"]?.DeepClone(),
            ["Platform"] = container.Json["Platform"]?.DeepClone(),
            ["AppArmorProfile"] = container.Json["AppArmorProfile"]?.DeepClone(),
            ["Config"] = Config(container),
            ["HostConfig"] = Host(container),
            ["Mounts"] = Mounts(container),
            ["Networks"] = Networks(container),
        };
        Flatten("", whole, lines);
        return [.. lines.Select(line => (others ?? new Dictionary<string, string>()).Aggregate(line, (text, other) => text.Replace(other.Key, other.Value, StringComparison.Ordinal).Replace($"\"{other.Key[..12]}\"", "its own", StringComparison.Ordinal)))];
    }

    /// <summary>Lines of the one that the other lacks, and the other way round.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyList<string> is_, IReadOnlyList<string> should) =>
        [.. is_.Except(should).Select(line => "is      " + line), .. should.Except(is_).Select(line => "should  " + line)];

    /// <summary>Host ports by the container's port, as they are bound now.</summary>
    public static IReadOnlyList<string> Ports(ContainerFacts container) =>
    [
        .. (container.Json["NetworkSettings"]!["Ports"] as JsonObject ?? []).SelectMany(port =>
            (port.Value as JsonArray ?? []).Select(binding => $"{port.Key} {binding!["HostIp"]} {binding["HostPort"]}")).Order(StringComparer.Ordinal),
    ];

    private static JsonObject Config(ContainerFacts container)
    {
        var config = container.Json["Config"]!.DeepClone().AsObject();
        var isGuest = container.Json["HostConfig"]!["NetworkMode"]!.GetValue<string>().StartsWith("container:", StringComparison.Ordinal);
        if (isGuest || config["Hostname"]?.GetValue<string>() == container.Id[..12])
        {
            config.Remove("Hostname");
        }

        foreach (var label in Ours)
        {
            (config["Labels"] as JsonObject)?.Remove(label);
        }

        if (config["Labels"]?["com.docker.compose.depends_on"]?.GetValue<string>() is { } edges)
        {
            config["Labels"]!["com.docker.compose.depends_on"] = string.Join(',', edges.Split(',').Order(StringComparer.Ordinal));
        }

        return config;
    }

    private static JsonObject Host(ContainerFacts container)
    {
        var host = container.Json["HostConfig"]!.DeepClone().AsObject();
        host.Remove("ContainerIDFile");
        host["Binds"] = List(host["Binds"], bind => IsAnonymous(bind.Split(':')[0]) ? null : bind);
        host["Links"] = List(host["Links"], link => link.Replace("/" + container.Name + "/", "/", StringComparison.Ordinal));
        host["PortBindings"] = Bindings(host);

        // Compose goes through its map of them in any order.
        host["Ulimits"] = new JsonObject((host["Ulimits"] as JsonArray ?? []).Select(limit => KeyValuePair.Create(limit!["Name"]!.GetValue<string>(), (JsonNode?)limit.DeepClone())));

        // Which way an anonymous volume came to its place is of no interest: the mounts tell that it did.
        var mounts = (host["Mounts"] as JsonArray ?? []).Where(mount => mount!["Type"]!.GetValue<string>() != "volume" || (mount["Source"]?.GetValue<string>() is { Length: > 0 } source && !IsAnonymous(source)));
        host["Mounts"] = new JsonObject(mounts.Select(mount => KeyValuePair.Create(mount!["Target"]!.GetValue<string>(), (JsonNode?)mount.DeepClone())));
        return host;
    }

    /// <summary>
    /// Which numbers there are is compared with what it had, see <see cref="Ports"/>: here it is the addresses that count.
    /// One for each family is none, and what is published with all ports need not be named.
    /// </summary>
    private static JsonObject Bindings(JsonObject host) =>
        host["PublishAllPorts"]!.GetValue<bool>() ? [] : new((host["PortBindings"] as JsonObject ?? []).Select(port =>
        {
            var addresses = (port.Value as JsonArray ?? []).Select(binding => binding!["HostIp"]?.GetValue<string>() is { Length: > 0 } address and not "0.0.0.0" and not "::" ? address : "any");
            return KeyValuePair.Create(port.Key, (JsonNode?)new JsonArray([.. addresses.Distinct().Select(address => (JsonNode)address)]));
        }));

    private static JsonObject Mounts(ContainerFacts container) => new((container.Json["Mounts"] as JsonArray ?? []).Select(mount =>
    {
        var copy = mount!.DeepClone().AsObject();
        if (copy["Name"]?.GetValue<string>() is { } name && IsAnonymous(name))
        {
            copy.Remove("Name");
            copy.Remove("Source");

            // A volume that is taken over by name shows the mode of a bind.
            copy.Remove("Mode");
        }

        return KeyValuePair.Create(copy["Destination"]!.GetValue<string>(), (JsonNode?)copy);
    }));

    private static JsonObject Networks(ContainerFacts container) => new(container.Json["NetworkSettings"]!["Networks"]!.AsObject().Select(network =>
    {
        var kept = new JsonObject();
        foreach (var name in (string[])["IPAMConfig", "Links", "DriverOpts", "GwPriority"])
        {
            kept[name] = network.Value![name]?.DeepClone();
        }

        kept["Aliases"] = List(network.Value!["Aliases"], alias => alias == container.Id[..12] ? null : alias);
        return KeyValuePair.Create(network.Key, (JsonNode?)kept);
    }));

    private static JsonArray List(JsonNode? list, Func<string, string?> change) =>
        new([.. (list as JsonArray ?? []).Select(text => change(text!.GetValue<string>())).OfType<string>().Distinct().Select(text => (JsonNode)text)]);

    private static bool IsAnonymous(string name) => name.Length == 64 && name.All(char.IsAsciiHexDigit);

    private static void Flatten(string path, JsonNode? node, SortedSet<string> lines)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    Flatten($"{path}/{name}", value, lines);
                }

                break;
            case JsonArray list:
                var isUnordered = Unordered.Contains(path.Split('/')[^1]);
                for (var i = 0; i < list.Count; i++)
                {
                    Flatten(isUnordered ? path : $"{path}[{i}]", list[i], lines);
                }

                break;
            case JsonValue value when value.ToJsonString() is not ("\"\"" or "0" or "false"):
                lines.Add($"{path} = {value.ToJsonString()}");
                break;
        }
    }
}
