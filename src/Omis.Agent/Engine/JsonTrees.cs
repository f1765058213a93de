using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine;

/// <summary>Small helpers on JSON trees, tolerant of what an engine of another version leaves out.</summary>
internal static class JsonTrees
{
    public static string? Text(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static long? Number(this JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<long>(out var number) ? number : null;

    public static bool IsTrue(this JsonNode? node) => node?.GetValueKind() == JsonValueKind.True;

    public static IEnumerable<KeyValuePair<string, JsonNode?>> Members(this JsonNode? node) => node as JsonObject ?? Enumerable.Empty<KeyValuePair<string, JsonNode?>>();

    public static IEnumerable<JsonNode?> Items(this JsonNode? node) => node as JsonArray ?? Enumerable.Empty<JsonNode?>();

    public static IEnumerable<string> Texts(this JsonNode? node) => node.Items().Select(item => item.Text()).OfType<string>();

    /// <summary>Null, false, zero, and empty texts, lists and objects: the engine writes one for another.</summary>
    public static bool IsNothing(this JsonNode? node) => node switch
    {
        null => true,
        JsonArray list => list.All(IsNothing),
        JsonObject members => members.All(member => member.Value.IsNothing()),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.False => true,
            JsonValueKind.String => node.GetValue<string>().Length == 0,
            JsonValueKind.Number => node.ToJsonString() is "0" or "-0" or "0.0",
            _ => false,
        },
    };

    /// <summary>Equal, where nothing in one spelling equals nothing in another.</summary>
    public static bool Same(JsonNode? one, JsonNode? other)
    {
        if (one.IsNothing() || other.IsNothing())
        {
            return one.IsNothing() && other.IsNothing();
        }

        return (one, other) switch
        {
            (JsonObject a, JsonObject b) => a.Select(member => member.Key).Union(b.Select(member => member.Key)).All(key => Same(a[key], b[key])),
            (JsonArray a, JsonArray b) => a.Count == b.Count && a.Zip(b).All(pair => Same(pair.First, pair.Second)),
            _ => JsonNode.DeepEquals(one, other),
        };
    }
}
