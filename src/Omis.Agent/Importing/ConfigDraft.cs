using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Omis.Agent.Configuration.Shapes;

namespace Omis.Agent.Importing;

/// <summary>A config being put together. Secrets go into files of their own, which it names.</summary>
internal sealed class ConfigDraft
{
    private readonly List<ImportedSecret> secrets = [];

    public JsonObject Config { get; } = [];

    public ImmutableArray<ImportedSecret> Secrets => [.. secrets];

    public void Set(JsonNode value, params ReadOnlySpan<string> path) => Object(path[..^1])[path[^1]] = value;

    /// <summary>Adds to a list.</summary>
    public void Add(JsonObject item, params ReadOnlySpan<string> path)
    {
        var parent = Object(path[..^1]);
        if (parent[path[^1]] is not JsonArray list)
        {
            parent[path[^1]] = list = [];
        }

        list.Add((JsonNode)item);
    }

    public void SetSecret(string file, string from, string value, params ReadOnlySpan<string> path) =>
        Object(path[..^1])[FileSuffix.On(path[^1])] = Keep(file, from, value);

    /// <returns>The file's name, for the config. Watchtower takes the path of a file in a secret's place; then it is that.</returns>
    public string Keep(string file, string from, string value)
    {
        if (value.StartsWith('/'))
        {
            return value;
        }

        var taken = secrets.Count(secret => secret.File == file || secret.File.StartsWith(file + "-", StringComparison.Ordinal));
        var name = taken == 0 ? file : $"{file}-{taken + 1}";
        secrets.Add(new ImportedSecret(name, from, value));
        return name;
    }

    private JsonObject Object(ReadOnlySpan<string> path)
    {
        var at = Config;
        foreach (var name in path)
        {
            if (at[name] is not JsonObject next)
            {
                at[name] = next = [];
            }

            at = next;
        }

        return at;
    }
}
