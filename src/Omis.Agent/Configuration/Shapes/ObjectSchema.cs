using System.Text.Json.Nodes;

namespace Omis.Agent.Configuration.Shapes;

internal static class ObjectSchema
{
    public static JsonObject Of<T>(List<Field<T>> fields, List<Rule> rules, T blank, bool defaults)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = Properties(fields, blank, defaults),
        };
        if (rules.Count > 0)
        {
            schema["allOf"] = new JsonArray([.. rules.Select(rule => rule.Schema(name => IsGiven(fields.Find(field => field.Name == name)!, blank)))]);
        }

        return schema;
    }

    private static JsonObject Properties<T>(List<Field<T>> fields, T blank, bool defaults)
    {
        var properties = new JsonObject();
        foreach (var field in fields)
        {
            var schema = field.Schema(blank);
            schema["description"] = field.Description;
            if (!defaults)
            {
                schema.Remove("default");
            }

            properties[field.Name] = schema;
            if (field.MayStandInFile)
            {
                properties[FileSuffix.On(field.Name)] = FileOf(field, blank);
            }
        }

        return properties;
    }

    private static JsonObject FileOf<T>(Field<T> field, T blank) => new()
    {
        ["type"] = field.IsNullable(blank) ? new JsonArray("string", "null") : "string",
        ["description"] = $"The file that holds {field.Name}, in $CREDENTIALS_DIRECTORY or beside the config.",
    };

    private static JsonObject IsGiven<T>(Field<T> field, T blank) =>
        field.MayStandInFile
            ? new() { ["anyOf"] = new JsonArray([.. field.Keys.Select(key => IsGiven(key, field.IsNullable(blank)))]) }
            : IsGiven(field.Name, field.IsNullable(blank));

    private static JsonObject IsGiven(string key, bool nullable)
    {
        var given = new JsonObject { ["required"] = new JsonArray(key) };
        if (nullable)
        {
            given["properties"] = new JsonObject { [key] = new JsonObject { ["not"] = new JsonObject { ["type"] = "null" } } };
        }

        return given;
    }
}
