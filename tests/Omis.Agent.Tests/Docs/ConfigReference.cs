using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Omis.Agent.Tests.Docs;

/// <summary>The schema as tables: one for each object, a row for each key.</summary>
internal static class ConfigReference
{
    public static string Text(JsonObject schema)
    {
        var text = new StringBuilder();
        Table(text, "", schema);
        return text.ToString();
    }

    private static void Table(StringBuilder text, string path, JsonObject schema)
    {
        var keys = schema["properties"]!.AsObject().Where(key => key.Key != "$schema" && !(key.Key.EndsWith("File", StringComparison.Ordinal) && IsStandIn(schema, key.Key))).ToArray();
        text.Append(CultureInfo.InvariantCulture, $"### {(path.Length == 0 ? "The whole" : $"`{path}`")}\n\n| key | value | default | what it means |\n|---|---|---|---|\n");
        foreach (var (key, node) in keys)
        {
            var its = node!.AsObject();
            text.Append(CultureInfo.InvariantCulture, $"| `{key}` | {Kind(its)} | {(its["default"] is { } usual ? $"`{usual.ToJsonString().Trim('"')}`" : "")} | {its["description"]!.GetValue<string>().Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }

        text.Append('\n');
        foreach (var (key, node) in keys)
        {
            var at = path.Length == 0 ? key : $"{path}.{key}";
            foreach (var (suffix, inner) in Objects(node!.AsObject()))
            {
                Table(text, at + suffix, inner);
            }
        }
    }

    /// <summary>True where the key only names the file that holds another key.</summary>
    private static bool IsStandIn(JsonObject schema, string key) => schema["properties"]!.AsObject().ContainsKey(key[..^"File".Length]);

    private static IEnumerable<(string Suffix, JsonObject Schema)> Objects(JsonObject schema)
    {
        foreach (var one in Alternatives(schema))
        {
            if (one["properties"] is JsonObject)
            {
                yield return ("", one);
            }
            else if (one["items"] is JsonObject items)
            {
                foreach (var (suffix, inner) in Objects(items))
                {
                    yield return ("[]" + suffix, inner);
                }
            }
            else if (Each(one) is { } item)
            {
                foreach (var (suffix, inner) in Objects(item))
                {
                    yield return (".NAME" + suffix, inner);
                }
            }
        }
    }

    private static IEnumerable<JsonObject> Alternatives(JsonObject schema) =>
        schema["anyOf"] is JsonArray any ? any.Select(one => one!.AsObject()).SelectMany(Alternatives) : [schema];

    private static JsonObject? Each(JsonObject schema) =>
        schema["patternProperties"] is JsonObject patterns ? patterns.First().Value!.AsObject() : schema["additionalProperties"] as JsonObject;

    private static string Kind(JsonObject schema)
    {
        var kinds = Alternatives(schema).Select(one => one switch
        {
            _ when one["enum"] is JsonArray values => string.Join(", ", values.Select(value => $"`{value}`")),
            _ when one["items"] is JsonObject => "list",
            _ when one["properties"] is not null => "object",
            _ when Each(one) is not null => "objects by name",
            _ when one["type"] is JsonArray types => Word(types[0]!.GetValue<string>(), one),
            _ when one["type"] is JsonValue type => Word(type.GetValue<string>(), one),
            _ => "",
        });
        return string.Join(" or ", kinds.Where(kind => kind.Length > 0 && kind != "null").Distinct());
    }

    private static string Word(string type, JsonObject schema) => type switch
    {
        "string" when schema["pattern"]?.GetValue<string>() == @"\$\{" => "",
        "string" => "text",
        "boolean" => "`true` or `false`",
        "integer" => schema["minimum"] is { } least ? $"{least} to {schema["maximum"]}" : "number",
        _ => type,
    };
}
