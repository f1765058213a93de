using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace Omis.Agent.Tests.Configuration;

/// <summary>No input crashes or hangs. CsCheck names the seed of a failure; CsCheck_Seed runs it again, CsCheck_Iter runs more.</summary>
public sealed class ConfigFuzzTests : IDisposable
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly string[] Oddities =
    [
        "null", "true", "{}", "[]", "0", "-0", "1e400", "-1e-400", "99999999999999999999", "1.5", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00x\"", "\"${\"", "\"${X}\"",
        "\"$${X}\"", "\"${ABSENT}\"", "\"hook-secret\"", "\"../..\"", "\"0s\"", "\"1h\"", "\"never\"", "\"* * * * *\"", "\"(a+)+$\"", "\"(?<=a)\\\\1\"", "\"{port:1}\"", "\"http://[\"",
        "\"200-299\"", "\"50%\"", "[[[[]]]]", "{\"a\":{\"a\":{}}}", "[{}]", "[\"committed\"]", "{\"\":0,\"\":0}",
    ];

    private static readonly string[] Keys = [.. SchemaKeys(ConfigSchemaTests.Schema).Distinct()];

    private static readonly string[] Tokens =
        ["{", "}", "[", "]", ",", ":", "\"", "\\", "//", "/*", "*/", "\n", "\uFEFF", "\0", "\\ud800", "${", "1e999", "nul", .. Oddities, .. Keys.Select(key => $"\"{key}\":")];

    private static readonly string[] Pieces =
        ["(", ")", "(?:", "(?=", "(?<a>", "\\k<a>", "\\1", "*", "+", "{1000}", "{2,}", "[", "]", "^", "$", "\\", "\\p{L}", "|", "?", ".", "0", "59", "-", "/", ",", ":", "://", "http", "%", "#", "L", "W", " ", "\t", "é", "\U0001F433", "s", "h", "{ip}", "{port:", "}"];

    private readonly ConfigSandbox sandbox = new();

    public ConfigFuzzTests() => sandbox.Environment["X"] = ConfigSandbox.Secret;

    public void Dispose() => sandbox.Dispose();

    [Fact]
    public void A_config_with_other_values_and_keys_is_read_or_refused() =>
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 3], Gen.OneOf(Oddities), Gen.OneOf(Keys)).Array[1, 4]
            .Select(changes => changes.Aggregate(Plain, (json, change) => Change(json, change.Item1, change.Item2, change.Item3, change.Item4)))
            .Sample(Survives, iter: Math.Max(Check.Iter, 5_000));

    [Fact]
    public void A_config_with_other_characters_is_read_or_refused() =>
        Gen.Select(Gen.Double[0, 1], Gen.Int[0, 12], Gen.OneOf(Tokens)).Array[1, 4]
            .Select(edits => edits.Aggregate(ConfigSandbox.Example, (text, edit) => Edit(text, edit.Item1, edit.Item2, edit.Item3)))
            .Sample(Survives, iter: Math.Max(Check.Iter, 8_000));

    [Fact]
    public void Any_bytes_are_refused() => Gen.Byte.Array[0, 200].Sample(Survives, iter: Math.Max(Check.Iter, 4_000));

    [Fact]
    public void Any_tokens_are_read_or_refused() =>
        Gen.OneOf(Tokens).Array[0, 60].Select(tokens => "{" + string.Concat(tokens)).Sample(Survives, iter: Math.Max(Check.Iter, 6_000));

    [Fact]
    public void Any_text_in_any_place_is_read_or_refused() =>
        Gen.Select(Gen.OneOf(Places(Plain).Select(place => place.ValueStart).ToArray()), Gen.OneOf(Pieces).Array[0, 40])
            .Select(one => Replace(Plain, Places(Plain).First(place => place.ValueStart == one.Item1), JsonValue.Create(string.Concat(one.Item2)).ToJsonString()))
            .Sample(Survives, iter: Math.Max(Check.Iter, 2_000));

    [Fact]
    public void Any_pattern_is_compiled_or_refused() =>
        Gen.OneOf(Pieces).Array[0, 300].Select(string.Concat)
            .Sample(pattern => { Agent.Configuration.BodyPattern.TryCompile(pattern); }, iter: Math.Max(Check.Iter, 2_000));

    [Theory]
    [InlineData("[", 500_000)]
    [InlineData("{\"projects\":", 50_000)]
    [InlineData("\"a\":0,", 150_000)]
    [InlineData("\"projects\":{\"a\":{},", 50_000)]
    public void A_config_of_a_megabyte_ends(string part, int count) =>
        Survives("{" + new StringBuilder().Insert(0, part, count) + "}");

    [Fact]
    public void Twenty_thousand_errors_come_at_once()
    {
        var json = "{" + string.Join(",", Enumerable.Range(0, 20_000).Select(i => $"\"k{i}\":0")) + "}";
        Assert.Equal(20_000, sandbox.Parse(json).Errors.Length);
    }

    private static string Plain { get; } = JsonNode.Parse(ConfigSandbox.Example, documentOptions: Lenient)!.ToJsonString();

    private void Survives(string json) => Survives(Encoding.UTF8.GetBytes(json));

    private void Survives(byte[] json)
    {
        var result = sandbox.Parse(json);
        Assert.Equal(result.Settings is null, !result.Errors.IsEmpty);
        Assert.DoesNotContain(result.Errors, error => error.ToString().Contains(ConfigSandbox.Secret, StringComparison.Ordinal));
        if (result.Settings is not null)
        {
            using var document = JsonDocument.Parse(json.AsMemory(json is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0), Lenient);
            Assert.True(TinySchema.Accepts(ConfigSchemaTests.Schema, document.RootElement), "the reader takes what the schema does not");
        }
    }

    private static string Edit(string text, double where, int length, string insert)
    {
        var start = (int)(where * text.Length);
        return text.Remove(start, Math.Min(length, text.Length - start)).Insert(start, insert);
    }

    /// <summary>Replaces the value, or the key, at one place of the tree; or gives a key twice, or adds one.</summary>
    private static string Change(string json, int place, int how, string value, string key)
    {
        var properties = Places(json);
        var (start, end, _, valueEnd) = properties[place % properties.Count];
        return how switch
        {
            0 => Replace(json, properties[place % properties.Count], value),
            1 => json[..start] + $"\"{key}\"" + json[end..],
            2 => json[..start] + json[start..valueEnd] + "," + json[start..],
            _ => json[..start] + $"\"{key}\":{value}," + json[start..],
        };
    }

    private static string Replace(string json, (int Start, int End, int ValueStart, int ValueEnd) place, string value) =>
        json[..place.ValueStart] + value + json[place.ValueEnd..];

    /// <summary>Where each property's name and value begin and end.</summary>
    private static List<(int Start, int End, int ValueStart, int ValueEnd)> Places(string json)
    {
        var places = new List<(int, int, int, int)>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                var start = (int)reader.TokenStartIndex;
                var value = reader;
                value.Read();
                var valueStart = (int)value.TokenStartIndex;
                value.Skip();
                places.Add((start, json.LastIndexOf(':', valueStart), valueStart, (int)value.BytesConsumed));
            }
        }

        return places;
    }

    private static IEnumerable<string> SchemaKeys(JsonElement schema) => schema.ValueKind switch
    {
        JsonValueKind.Object => schema.EnumerateObject().SelectMany(property => SchemaKeys(property.Value).Prepend(property.Name)),
        JsonValueKind.Array => schema.EnumerateArray().SelectMany(SchemaKeys),
        _ => [],
    };
}
