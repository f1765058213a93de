using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omis.Agent.Configuration.Shapes;

/// <returns>Null where the text is no such value.</returns>
internal delegate Parsed<T>? Parse<T>(string text, ConfigFolder folder);

internal readonly record struct Parsed<T>(T Value);

/// <summary>A value that the config writes as a text, which may stand in a file or take from the environment.</summary>
/// <param name="expected">What would be right, as it follows "expected".</param>
internal sealed class TextShape<T>(string expected, Parse<T> parse, Func<T, string?> show) : Shape<T>
{
    // Any text may be ${NAME} instead.
    private const string Variable = @"\$\{";

    /// <summary>An ECMAScript regular expression without its anchors; the schema's alone, since <c>parse</c> decides.</summary>
    public string? Pattern { get; init; }

    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>True where no error may show the value.</summary>
    public bool Secret { get; init; }

    /// <summary>True where a plain number means its digits.</summary>
    public bool AlsoNumber { get; init; }

    /// <summary>False where the text is already the name of a file.</summary>
    public bool OwnFile { get; init; }

    public override bool MayStandInFile => !OwnFile;

    public override bool TryRead(Found found, T? start, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        var isNumber = AlsoNumber && !found.InFile && found.Element.ValueKind == JsonValueKind.Number;
        if (!isNumber && !found.Is(JsonValueKind.String, found.InFile ? "the name of a file" : expected))
        {
            return false;
        }

        if (GivenText.Of(found) is not { } text)
        {
            return false;
        }

        if (parse(text.Value, found.Reading.Folder) is { } parsed)
        {
            value = parsed.Value;
            return true;
        }

        found.Fail($"found {(Secret && !found.InFile ? "another text" : text.Shown)}, expected {expected}");
        return false;
    }

    public override JsonNode? Show(T? value) => value is not null && show(value) is { } text ? JsonValue.Create(text) : null;

    public override JsonObject Schema()
    {
        var text = new JsonObject { ["type"] = "string" };
        if (Pattern is not null)
        {
            text["pattern"] = $"^(?:{Pattern})$|{Variable}";
        }

        return !Values.IsEmpty ? Either(new() { ["enum"] = new JsonArray([.. Values.Select(value => JsonValue.Create(value))]) }, new() { ["type"] = "string", ["pattern"] = Variable })
            : AlsoNumber ? Either(text, new() { ["type"] = "integer" })
            : text;
    }

    private static JsonObject Either(JsonObject one, JsonObject other) => new() { ["anyOf"] = new JsonArray(one, other) };
}
