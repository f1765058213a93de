using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Omis.Agent.Engine;

namespace Omis.Agent.Tests.Engine;

/// <summary>A container <c>c0ffee…</c> on an old and a new image, and what is drawn from it.</summary>
internal sealed record Drawing
{
    public static readonly string Id = string.Concat(Enumerable.Repeat("c0ffee00", 8));

    public string Config { get; init; } = "{}";

    public string Host { get; init; } = "{}";

    /// <summary>The image's <c>Config</c>, old and new.</summary>
    public string Old { get; init; } = "{}";

    public string New { get; init; } = "{}";

    public string Networks { get; init; } = "{}";

    public string Ports { get; init; } = "{}";

    public string Mounts { get; init; } = "[]";

    public Version Api { get; init; } = new(1, 51);

    public ImmutableDictionary<string, string> Renewed { get; init; } = ImmutableDictionary<string, string>.Empty;

    public BlueprintInput Input => new(
        Parse($$"""{ "Id": "{{Id}}", "Config": {{Config}}, "HostConfig": {{Host}}, "Mounts": {{Mounts}}, "NetworkSettings": { "Networks": {{Networks}}, "Ports": {{Ports}} } }"""),
        Parse($$"""{ "Id": "sha256:old", "Config": {{Old}} }"""),
        Parse($$"""{ "Id": "sha256:new", "Config": {{New}} }"""),
        "r.test/app:latest",
        ImmutableDictionary<string, string>.Empty.Add("omis.agent.role", "web"),
        Renewed,
        Api);

    public Blueprint Blueprint => ContainerBlueprint.Draw(Input);

    /// <summary>One value of the create request, by path.</summary>
    public JsonNode? this[params string[] path] => path.Aggregate<string, JsonNode?>(Blueprint.Create, (node, name) => node?[name]);

    /// <summary>Empty where the value is no JSON at all, for use in assertions.</summary>
    public string Text(params string[] path) => this[path]?.ToJsonString() ?? "";

    public static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
