using System.Text.Json.Nodes;

namespace Omis.Agent.Engine;

/// <summary>The <c>HostConfig</c> part: kept as it is, but for what names a container id, a chosen port or an anonymous volume.</summary>
internal static class HostBlueprint
{
    private static readonly string[] Modes = ["NetworkMode", "IpcMode", "PidMode"];

    public static JsonObject Draw(BlueprintInput input)
    {
        var host = (JsonObject)input.Host.DeepClone();
        foreach (var mode in Modes)
        {
            if (host[mode].Text() is { } text && text.StartsWith("container:", StringComparison.Ordinal))
            {
                host[mode] = "container:" + input.Current(text["container:".Length..]);
            }
        }

        if (host["VolumesFrom"] is JsonArray { Count: > 0 } sources)
        {
            host["VolumesFrom"] = new JsonArray([.. sources.Texts().Select(source => (JsonNode)VolumesFrom(source, input))]);
        }

        if (host["Links"] is JsonArray { Count: > 0 } links)
        {
            host["Links"] = new JsonArray([.. links.Texts().Select(link => (JsonNode)Link(link))]);
        }

        host.Remove("ContainerIDFile");
        PortBlueprint.Keep(host, input);
        KeepAnonymousVolumes(host, input);
        return host;
    }

    /// <summary>Shown as <c>/OTHER:/OWN/ALIAS</c>, asked for as <c>OTHER:ALIAS</c>.</summary>
    public static string Link(string shown)
    {
        var colon = shown.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? shown : $"{shown[..colon].TrimStart('/')}:{shown[(shown.LastIndexOf('/') + 1)..].Split(':')[^1]}";
    }

    private static string VolumesFrom(string source, BlueprintInput input)
    {
        var colon = source.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? input.Current(source) : input.Current(source[..colon]) + source[colon..];
    }

    /// <summary>Anonymous volumes hold data: the new container takes them over by name.</summary>
    private static void KeepAnonymousVolumes(JsonObject host, BlueprintInput input)
    {
        var named = host["Binds"].Texts().Select(Target)
            .Concat(host["Mounts"].Items().Where(mount => !mount?["Source"].IsNothing() ?? false).Select(mount => mount?["Target"].Text()))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var mount in input.Inspect["Mounts"].Items().OfType<JsonObject>())
        {
            var target = mount["Destination"].Text();
            if (mount["Type"].Text() != "volume" || mount["Name"].Text() is not { Length: > 0 } volume || target is null || !named.Add(target) || FromOthers(host, mount))
            {
                continue;
            }

            Adopt(host, volume, target, mount["RW"].IsTrue());
        }
    }

    /// <summary>With <c>volumes_from</c> a volume may be another container's, and comes along by that route.</summary>
    private static bool FromOthers(JsonObject host, JsonObject mount) =>
        host["VolumesFrom"] is JsonArray { Count: > 0 } && host["Mounts"].Items().All(own => own?["Target"].Text() != mount["Destination"].Text()) && mount["Name"].Text()!.Length != 64;

    private static void Adopt(JsonObject host, string volume, string target, bool writable)
    {
        if (host["Mounts"].Items().FirstOrDefault(own => own?["Target"].Text() == target) is JsonObject own)
        {
            own["Source"] = volume;
            return;
        }

        var binds = host["Binds"] as JsonArray ?? [];
        binds.Add((JsonNode)$"{volume}:{target}{(writable ? "" : ":ro")}");
        host["Binds"] = binds.DeepClone();
    }

    /// <summary>The path inside: the second part of <c>source:target[:options]</c>; a Windows source begins with a drive.</summary>
    private static string? Target(string bind)
    {
        var parts = bind.Split(':');
        var at = parts[0].Length == 1 && parts.Length > 2 ? 2 : 1;
        return parts.Length > at ? parts[at] : null;
    }
}
