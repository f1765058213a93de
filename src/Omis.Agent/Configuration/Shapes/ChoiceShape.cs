using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omis.Agent.Configuration.Shapes;

/// <summary>An object of one of several shapes, told apart by the key that only that one has.</summary>
internal sealed class ChoiceShape<T>(string what, params ImmutableArray<(string Key, ObjectShape<T> Shape)> choices) : Shape<T>
    where T : class
{
    public override bool TryRead(Found found, T? start, [MaybeNullWhen(false)] out T value)
    {
        value = null;
        if (!found.Is(JsonValueKind.Object, what))
        {
            return false;
        }

        var given = choices.Where(choice => IsGiven(found.Element, choice.Key)).ToArray();
        if (given.Length == 1)
        {
            return given[0].Shape.TryRead(found, start, out value);
        }

        var all = string.Join(", ", choices.Select(choice => choice.Key));
        found.Fail(given.Length == 0
            ? $"none of {all} is given; expected exactly one"
            : $"{string.Join(" and ", given.Select(choice => choice.Key))} are given; expected exactly one of {all}");
        ReportUnknown(found);
        return false;
    }

    public override JsonObject Schema() => new() { ["oneOf"] = new JsonArray([.. choices.Select(choice => choice.Shape.Schema())]) };

    private static bool IsGiven(JsonElement element, string key) =>
        element.TryGetProperty(key, out _) || element.TryGetProperty(FileSuffix.On(key), out _);

    private void ReportUnknown(Found found)
    {
        string[] known = [.. choices.SelectMany(choice => choice.Shape.Keys).Distinct()];
        foreach (var property in found.Element.EnumerateObject().Where(property => !known.Contains(property.Name)))
        {
            found.Fail(property.Name, NearestKey.Message(property.Name, known));
        }
    }
}
