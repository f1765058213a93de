using System.Text.Json.Nodes;

namespace Omis.Agent.Engine;

/// <summary>
/// Host ports that the engine chose stay the same numbers: for <c>HostPort</c> empty, <c>0</c> or a range, and with
/// <c>PublishAllPorts</c> for each port that goes on being exposed.
/// </summary>
internal static class PortBlueprint
{
    public static void Keep(JsonObject host, BlueprintInput input)
    {
        var actual = input.Inspect["NetworkSettings"]?["Ports"];
        foreach (var (port, bindings) in host["PortBindings"].Members().ToArray())
        {
            var asked = bindings.Items().OfType<JsonObject>().ToArray();
            if (asked.Any(IsChosen) && actual?[port] is JsonArray { Count: > 0 } bound)
            {
                host["PortBindings"]![port] = AsBound(asked, bound);
            }
        }

        if (host["PublishAllPorts"].IsTrue())
        {
            KeepAll(host, input, actual);
        }
    }

    private static void KeepAll(JsonObject host, BlueprintInput input, JsonNode? actual)
    {
        var all = host["PortBindings"] as JsonObject ?? [];
        foreach (var (port, bound) in actual.Members().Where(port => !all.ContainsKey(port.Key) && StaysExposed(input, port.Key)))
        {
            if (bound is JsonArray { Count: > 0 } bindings)
            {
                all[port] = AsBound([[]], bindings);
            }
        }

        host["PortBindings"] = all.DeepClone();
    }

    /// <summary>What only the old image exposed goes, as it would with a person's <c>docker run --publish-all</c>.</summary>
    private static bool StaysExposed(BlueprintInput input, string port) =>
        input.OldDefaults["ExposedPorts"] is not JsonObject old || !old.ContainsKey(port) || input.NewImage["Config"]?["ExposedPorts"] is JsonObject now && now.ContainsKey(port);

    private static bool IsChosen(JsonObject binding) =>
        binding["HostPort"].Text() is null or "" or "0" || binding["HostPort"].Text()!.Contains('-', StringComparison.Ordinal);

    private static JsonArray AsBound(JsonObject[] asked, JsonArray bound)
    {
        var free = bound.OfType<JsonObject>().ToList();
        foreach (var binding in asked.Where(binding => !IsChosen(binding)))
        {
            free.RemoveAll(one => one["HostPort"].Text() == binding["HostPort"].Text() && IsAt(one, binding["HostIp"].Text() ?? ""));
        }

        return new JsonArray([.. asked.SelectMany(binding => IsChosen(binding) ? AsBound(binding, free) : [(JsonObject)binding.DeepClone()])]);
    }

    /// <summary>
    /// A binding without an address shows up once for IPv4 and once for IPv6. Where both have the same number it is asked
    /// for once, as asking twice would collide; engines before 27 may have chosen two, and then each needs its address.
    /// </summary>
    private static IEnumerable<JsonObject> AsBound(JsonObject asked, List<JsonObject> free)
    {
        var address = asked["HostIp"].Text() ?? "";
        var four = Take(free, one => address.Length > 0 ? one["HostIp"].Text() == address : IsAt(one, "") && one["HostIp"].Text() != "::");
        var six = address.Length > 0 ? null : Take(free, one => one["HostIp"].Text() == "::" && one["HostPort"].Text() == four) ?? Take(free, one => one["HostIp"].Text() == "::");
        return four is null || six is null || four == six
            ? [With(asked, address, four ?? six)]
            : [With(asked, "0.0.0.0", four), With(asked, "::", six)];
    }

    /// <summary>No address is all of them.</summary>
    private static bool IsAt(JsonObject bound, string address) =>
        address.Length > 0 ? bound["HostIp"].Text() == address : bound["HostIp"].Text() is null or "" or "0.0.0.0" or "::";

    private static string? Take(List<JsonObject> free, Predicate<JsonObject> wanted)
    {
        var at = free.FindIndex(wanted);
        if (at < 0)
        {
            return null;
        }

        var port = free[at]["HostPort"].Text();
        free.RemoveAt(at);
        return port;
    }

    /// <summary>A number that is not known is left for the engine to choose, as it was.</summary>
    private static JsonObject With(JsonObject binding, string? address, string? port)
    {
        var copy = (JsonObject)binding.DeepClone();
        (copy["HostIp"], copy["HostPort"]) = (address, port ?? copy["HostPort"].Text());
        return copy;
    }
}
