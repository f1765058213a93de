using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omis.Agent.Configuration;

/// <summary>
/// Keys given by the environment: <c>OMIS_AGENT__CHECK__EVERY=1m</c> is <c>check.every</c>. Known keys are found whatever
/// their case; a user's own names, as of projects, are taken in lower case.
/// </summary>
internal static class ConfigOverrides
{
    private const string Prefix = "OMIS_AGENT__";

    public const string Name = "the environment";

    /// <returns>Null where no variable is meant for the config.</returns>
    public static ConfigSource? Of(IReadOnlyDictionary<string, string> environment)
    {
        var root = new JsonObject();
        var schema = new Lazy<JsonObject>(SettingsShape.Root.Schema);
        foreach (var (name, text) in environment.Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal)).OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            Put(root, schema.Value, name[Prefix.Length..].Split("__"), text);
        }

        return root.Count == 0 ? null : new ConfigSource(Name, JsonDocument.Parse(root.ToJsonString()));
    }

    private static void Put(JsonObject at, JsonObject? schema, string[] path, string text)
    {
        var (key, below) = Known(schema, path[0]);
        if (path.Length == 1)
        {
            at[key] = Value(below, text);
            return;
        }

        if (at[key] is not JsonObject next)
        {
            at[key] = next = [];
        }

        Put(next, below, path[1..], text);
    }

    private static (string Key, JsonObject? Schema) Known(JsonObject? schema, string given)
    {
        var known = (schema?["properties"] as JsonObject)?.FirstOrDefault(property => string.Equals(property.Key, given, StringComparison.OrdinalIgnoreCase));
        return known is { Key: { } key } ? (key, known.Value.Value as JsonObject) : (given.ToLowerInvariant(), schema?["additionalProperties"] as JsonObject);
    }

    /// <summary>A text where a text is expected, else JSON; what is neither is left for the reader to refuse.</summary>
    private static JsonNode? Value(JsonObject? schema, string text)
    {
        if (schema?["type"] is JsonArray or JsonObject || Text(schema?["type"]) is "object" or "array" or "boolean" or "integer" or "number")
        {
            try
            {
                return JsonNode.Parse(text);
            }
            catch (JsonException)
            {
                return text;
            }
        }

        return text;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
