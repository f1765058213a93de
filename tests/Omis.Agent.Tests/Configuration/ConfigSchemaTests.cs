using System.Text.Json;
using Omis.Agent.Configuration;

namespace Omis.Agent.Tests.Configuration;

public sealed class ConfigSchemaTests : IDisposable
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly ConfigSandbox sandbox = new();

    internal static JsonElement Schema { get; } = JsonDocument.Parse(ConfigSchema.Text()).RootElement;

    public void Dispose() => sandbox.Dispose();

    [Theory]
    [InlineData(ConfigSandbox.Example, true)]
    [InlineData("{}", true)]
    [InlineData("""{ "check": { "every": "${EVERY}" }, "defaults": { "update": "${MODE}" } }""", true)]
    [InlineData("""{ "check": { "cron": null, "every": "1m" } }""", true)]
    [InlineData("""{ "chekc": {} }""", false)]
    [InlineData("""{ "check": { "every": "5 min" } }""", false)]
    [InlineData("""{ "check": { "everyFile": "x", "cron": "* * * * *" } }""", false)]
    [InlineData("""{ "defaults": { "update": "newer" } }""", false)]
    [InlineData("""{ "registries": { "r.io": { "password": "x" } } }""", false)]
    [InlineData("""{ "registries": { "r.io": { "username": "u", "passwordFile": "x" } } }""", true)]
    [InlineData("""{ "registries": { "r.io": { "azure": null } } }""", true)]
    [InlineData("""{ "registries": { "r.io": { "azure": { "cloud": null } } } }""", true)]
    [InlineData("""{ "registries": { "r.io": { "azure": { "cloud": "china", "certificatePassword": "x" } } } }""", false)]
    [InlineData("""{ "registries": { "r.io": { "azure": { "clientSecret": "x", "certificateFile": "y" } } } }""", false)]
    [InlineData("""{ "control": { "listen": "127.0.0.1:8480" } }""", false)]
    [InlineData("""{ "control": { "listen": null } }""", true)]
    [InlineData("""{ "control": { "listen": "127.0.0.1:8480", "tokenFile": "x", "webhookSecretFile": "y" } }""", true)]
    [InlineData("""{ "notify": { "slack": [ {} ] } }""", false)]
    [InlineData("""{ "projects": { "a": { "services": { "b": { "probes": [ { "http": "http://a", "tcp": "a:1" } ] } } } } }""", false)]
    public void The_schema_says_what_the_reader_says(string json, bool accepted)
    {
        using var document = JsonDocument.Parse(json, Lenient);
        Assert.Equal(accepted, TinySchema.Accepts(Schema, document.RootElement));
    }

    [Fact]
    public void It_is_of_the_2020_12_draft_and_closed() =>
        Assert.Equal(("https://json-schema.org/draft/2020-12/schema", false), (Schema.GetProperty("$schema").GetString(), Schema.GetProperty("additionalProperties").GetBoolean()));

    [Theory]
    [InlineData("check.every", "5m")]
    [InlineData("check.jitter", "10%")]
    [InlineData("check.timeZone", "UTC")]
    [InlineData("check.debounce", "2s")]
    [InlineData("defaults.healthy.stableFor", "10s")]
    [InlineData("defaults.healthy.deadline", "5m")]
    [InlineData("defaults.soak", "0s")]
    [InlineData("defaults.transaction", "project")]
    [InlineData("defaults.revertBudget", "2m")]
    [InlineData("defaults.keepPrevious", "1")]
    [InlineData("defaults.update", "auto")]
    public void Defaults_are_the_settings_own(string path, string expected) =>
        Assert.Equal(expected, path.Split('.').Aggregate(Schema, (schema, key) => schema.GetProperty("properties").GetProperty(key)).GetProperty("default").ToString());

    [Fact]
    public void What_is_inherited_names_no_default() =>
        Assert.False(Schema.GetProperty("properties").GetProperty("projects").GetProperty("additionalProperties").GetProperty("properties").GetProperty("soak").TryGetProperty("default", out _));

    [Fact]
    public void Every_key_is_described_and_every_described_key_is_read()
    {
        var keys = Keys(Schema).ToList();
        Assert.All(keys, key => Assert.NotEmpty(key.Schema.GetProperty("description").GetString()!));
        Assert.Superset(
            new HashSet<string>("engine endpoint keepFree caFile certificateFile keyFile state directory control socket listen token tokenFile webhookSecret webhookSecretFile check every jitter cron timeZone debounce defaults update healthy stableFor deadline soak transaction revertBudget keepPrevious projects services probes http method headers status body timeout insecure tcp exec registries username password passwordFile plainHttp azure credential clientId tenantId clientSecret clientSecretFile certificatePassword cloud notify slack teams webhook webhookUrl webhookUrlFile on url secret secretFile email server security from to discord ntfy gotify pagerduty routingKey routingKeyFile shoutrrr ping host keep template title body name minimumSeverity quiet except telemetry otlp protocol headersFile".Split(' ')),
            keys.Select(key => key.Name).ToHashSet());
    }

    private static IEnumerable<(string Name, JsonElement Schema)> Keys(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var own = schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().ToList() : [];
        var inner = own.Select(property => property.Value)
            .Concat(schema.TryGetProperty("additionalProperties", out var entries) ? [entries] : [])
            .Concat(schema.TryGetProperty("items", out var items) ? [items] : [])
            .Concat(schema.TryGetProperty("oneOf", out var choices) ? choices.EnumerateArray() : [])
            .Concat(schema.TryGetProperty("anyOf", out var kinds) ? kinds.EnumerateArray() : []);
        return own.Select(property => (property.Name, property.Value)).Concat(inner.SelectMany(Keys));
    }
}
