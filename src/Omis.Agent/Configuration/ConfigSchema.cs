using System.Text.Json.Nodes;
using Omis.Agent.Json;

namespace Omis.Agent.Configuration;

/// <summary>The config's JSON Schema (draft 2020-12), from the same description that the config is read by.</summary>
public static class ConfigSchema
{
    public static string Text() => IndentedJson.Text(Document());

    public static JsonObject Document()
    {
        var schema = SettingsShape.Root.Schema();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "Omis Agent");
        return schema;
    }
}
