using System.Text.Json;
using System.Text.RegularExpressions;

namespace Omis.Agent.Tests.Configuration;

/// <summary>Just enough of JSON Schema to check documents against ours; a keyword it does not know is a failure.</summary>
internal static class TinySchema
{
    private static readonly Dictionary<string, Regex> Patterns = [];

    private static readonly string[] Annotations = ["$schema", "title", "description", "default"];

    public static bool Accepts(JsonElement schema, JsonElement value) =>
        schema.ValueKind == JsonValueKind.True || (schema.ValueKind == JsonValueKind.Object && schema.EnumerateObject().All(keyword => Holds(schema, keyword, value)));

    private static bool Holds(JsonElement schema, JsonProperty keyword, JsonElement value)
    {
        var (argument, isObject) = (keyword.Value, value.ValueKind == JsonValueKind.Object);
        return keyword.Name switch
        {
            "type" => argument.ValueKind == JsonValueKind.Array ? argument.EnumerateArray().Any(type => IsOf(type.GetString()!, value)) : IsOf(argument.GetString()!, value),
            "enum" => argument.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)),
            "pattern" => value.ValueKind != JsonValueKind.String || Matches(argument.GetString()!, value.GetString()!),
            "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() >= argument.GetDouble(),
            "maximum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() <= argument.GetDouble(),
            "minItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= argument.GetInt32(),
            "items" => value.ValueKind != JsonValueKind.Array || value.EnumerateArray().All(item => Accepts(argument, item)),
            "required" => !isObject || argument.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
            "properties" => !isObject || value.EnumerateObject().All(one => !argument.TryGetProperty(one.Name, out var property) || Accepts(property, one.Value)),
            "additionalProperties" => !isObject || value.EnumerateObject().Where(one => !IsListed(schema, one.Name)).All(one => Accepts(argument, one.Value)),
            "propertyNames" => !isObject || value.EnumerateObject().All(one => Matches(argument.GetProperty("pattern").GetString()!, one.Name)),
            "allOf" => argument.EnumerateArray().All(one => Accepts(one, value)),
            "anyOf" => argument.EnumerateArray().Any(one => Accepts(one, value)),
            "oneOf" => argument.EnumerateArray().Count(one => Accepts(one, value)) == 1,
            "not" => !Accepts(argument, value),
            var name => Annotations.Contains(name) ? true : throw new InvalidOperationException($"the schema uses {name}"),
        };
    }

    private static bool IsListed(JsonElement schema, string name) => schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _);

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "integer" => value.ValueKind == JsonValueKind.Number && Math.Floor(value.GetDouble()) == value.GetDouble(),
        _ => throw new InvalidOperationException($"the schema uses the type {type}"),
    };

    private static bool Matches(string pattern, string text)
    {
        lock (Patterns)
        {
            return (Patterns.TryGetValue(pattern, out var regex) ? regex : Patterns[pattern] = new Regex(pattern, RegexOptions.ECMAScript)).IsMatch(text);
        }
    }
}
