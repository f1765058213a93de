using System.Text.Json;
using System.Text.Json.Nodes;
using Omis.Agent.Tests.Configuration;

namespace Omis.Agent.Tests.Control.Api;

/// <summary>The OpenAPI document, as a judge of answers.</summary>
internal sealed class ContractOfRoutes(string text)
{
    private readonly JsonObject document = JsonNode.Parse(text)!.AsObject();

    public IEnumerable<string> Routes =>
        document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"));

    /// <summary>Fails where the answer is none that the document describes.</summary>
    public void Allows(string method, string path, RunningService.Answer answer)
    {
        var responses = document["paths"]![path]![method.ToLowerInvariant()]!["responses"]!.AsObject();
        Assert.True(responses.ContainsKey($"{answer.Status}"), $"{method} {path} answered {answer.Status}, which is not documented: {answer.Text}");
        var content = Resolved(responses[$"{answer.Status}"]!)["content"]!.AsObject();
        Assert.True(content.ContainsKey(answer.Type!), $"{method} {path} answered with {answer.Type}, which is not documented");
        if (answer.Type!.EndsWith("json", StringComparison.Ordinal))
        {
            Fits(content[answer.Type]!["schema"]!, answer.Text);
        }
    }

    public void Fits(string schema, string json) => Fits(document["components"]!["schemas"]![schema]!, json);

    private void Fits(JsonNode schema, string json)
    {
        using var expanded = JsonDocument.Parse(Expand(schema).ToJsonString());
        using var value = JsonDocument.Parse(json);
        Assert.True(TinySchema.Accepts(expanded.RootElement, value.RootElement), $"{json} does not fit {expanded.RootElement}");
    }

    /// <summary>References in their places; none goes in a circle. What formats mean is not looked at.</summary>
    private JsonNode Expand(JsonNode schema) => schema switch
    {
        JsonObject one when one.ContainsKey("$ref") => Expand(Resolved(one)),
        JsonObject one => new JsonObject(one.Where(pair => pair.Key != "format" || pair.Value is not JsonValue).Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, Expand(pair.Value!)))),
        JsonArray many => new JsonArray([.. many.Select(item => Expand(item!))]),
        _ => schema.DeepClone(),
    };

    private JsonNode Resolved(JsonNode node) =>
        node["$ref"]?.GetValue<string>() is { } reference
            ? reference.Split('/').Skip(1).Aggregate((JsonNode)document, (at, name) => at[name]!)
            : node;
}
