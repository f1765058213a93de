using System.Text.Json;
using System.Text.Json.Nodes;
using Omis.Agent.Core.Notifying;

namespace Omis.Agent.Notifiers.Sources;

/// <summary>Reads what an API answered: what is not as documented is as nothing.</summary>
internal static class ApiJson
{
    /// <exception cref="ApiFaultException">It is no JSON, as from a proxy in between.</exception>
    public static JsonNode Parse(string body) =>
        TryParse(body) ?? throw new ApiFaultException(new Delivery.Away("its answer is no JSON"));

    public static JsonNode? TryParse(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string? Text(this JsonNode? node, string name) =>
        node is JsonObject found && found[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    public static long? Number(this JsonNode? node, string name) =>
        node is JsonObject found && found[name] is JsonValue value && value.TryGetValue(out long number) ? number : null;

    public static IEnumerable<JsonObject> Items(this JsonNode? node) => (node as JsonArray)?.OfType<JsonObject>() ?? [];
}
