using System.Text.Json.Nodes;
using Omis.Agent.Core.Observing;

namespace Omis.Agent.Engine;

/// <summary>
/// The <c>Config</c> part. Rules of the engine that matter here: it fills Cmd, Entrypoint, User and the like from the
/// image where the request leaves them out, adds the image's variables, labels, ports and volumes that the request does
/// not name, and leaves Cmd empty where Entrypoint is given. Source: moby, daemon/commit.go, "merge".
/// </summary>
internal static class ConfigBlueprint
{
    public const string ComposeImage = "com.docker.compose.image";

    /// <summary>Whole values that the image gives where the person gave none.</summary>
    private static readonly string[] Whole = ["User", "WorkingDir", "StopSignal", "Shell"];

    public static JsonObject Draw(BlueprintInput input)
    {
        var config = (JsonObject)input.Config.DeepClone();
        var defaults = input.OldDefaults;
        config["Image"] = input.Image;
        config.Remove("OnBuild");
        config["Env"] = List(config["Env"].Texts().Except(defaults["Env"].Texts()));
        Command(config, defaults);
        foreach (var name in Whole.Where(name => IsDefault(name, config[name], defaults[name])))
        {
            config.Remove(name);
        }

        Subtract(config["Volumes"] as JsonObject, defaults["Volumes"]);
        Ports(config, defaults["ExposedPorts"], input.Host["PortBindings"]);

        Health(config, defaults["Healthcheck"]);
        Labels(config, defaults["Labels"], input);
        Identity(config, input);
        return config;
    }

    private static void Command(JsonObject config, JsonObject defaults)
    {
        var isSilenced = config["Cmd"].IsNothing() && !defaults["Cmd"].IsNothing();
        if (isSilenced || !JsonTrees.Same(config["Entrypoint"], defaults["Entrypoint"]))
        {
            // A person's entrypoint silences the image's command, so the command shown is the person's too: even where
            // the entrypoint is the image's own, an empty command tells that a person gave it.
            return;
        }

        config.Remove("Entrypoint");
        if (JsonTrees.Same(config["Cmd"], defaults["Cmd"]))
        {
            config.Remove("Cmd");
            config.Remove("ArgsEscaped");
        }
    }

    private static bool IsDefault(string name, JsonNode? value, JsonNode? fallback) =>
        JsonTrees.Same(value, fallback)
        || (fallback.IsNothing() && IsTheEngines(name, value));

    /// <summary>What the engine fills in where neither person nor image says anything.</summary>
    public static bool IsTheEngines(string name, JsonNode? value) => (name, value.Text()) is ("WorkingDir", "/") or ("StopSignal", "SIGTERM");

    private static void Subtract(JsonObject? set, JsonNode? defaults)
    {
        foreach (var (key, value) in defaults.Members())
        {
            if (set is not null && set.TryGetPropertyValue(key, out var own) && JsonTrees.Same(own, value))
            {
                set.Remove(key);
            }
        }
    }

    /// <summary>A published port has to be exposed as well, or the engine binds nothing; that the old image exposed it too says nothing of the new one.</summary>
    private static void Ports(JsonObject config, JsonNode? defaults, JsonNode? published)
    {
        if (config["ExposedPorts"] is JsonObject ports)
        {
            Subtract(ports, new JsonObject(defaults.Members().Where(port => published?[port.Key] is null).Select(port => KeyValuePair.Create(port.Key, port.Value?.DeepClone()))));
        }
    }

    private static void Health(JsonObject config, JsonNode? defaults)
    {
        var health = config["Healthcheck"] as JsonObject;
        Subtract(health, defaults);
        if (health.IsNothing())
        {
            config.Remove("Healthcheck");
        }
    }

    private static void Labels(JsonObject config, JsonNode? defaults, BlueprintInput input)
    {
        var labels = config["Labels"] as JsonObject ?? [];
        Subtract(labels, defaults);
        foreach (var name in WorkloadLabels.OfRollout)
        {
            labels.Remove(name);
        }

        foreach (var (key, value) in input.Labels)
        {
            labels[key] = value;
        }

        if (labels.ContainsKey(ComposeImage))
        {
            labels[ComposeImage] = input.NewImage["Id"].Text();
        }

        config["Labels"] = labels.DeepClone();
    }

    /// <summary>A hostname made from the container's id is the engine's own; with another's network or the host's UTS namespace none may be given.</summary>
    private static void Identity(JsonObject config, BlueprintInput input)
    {
        var borrowed = input.NetworkMode.StartsWith("container:", StringComparison.Ordinal) || input.Host["UTSMode"].Text() == "host";
        if (borrowed || config["Hostname"].Text() == input.Id[..12])
        {
            config.Remove("Hostname");
            config.Remove("Domainname");
        }

        if (input.NetworkMode.StartsWith("container:", StringComparison.Ordinal))
        {
            config.Remove("ExposedPorts");
        }

        if (config["MacAddress"].IsNothing())
        {
            config.Remove("MacAddress");
        }
    }

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
