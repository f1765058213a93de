using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omis.Agent.Configuration.Shapes;

/// <param name="start">What an item says where it is silent.</param>
internal sealed class ListShape<T>(string what, Shape<T> item, T? start = default) : Shape<ImmutableArray<T>>
{
    /// <summary>True where an empty list would mean nothing.</summary>
    public bool NotEmpty { get; init; }

    public override bool TryRead(Found found, ImmutableArray<T> inherited, out ImmutableArray<T> value)
    {
        value = [];
        if (!found.Is(JsonValueKind.Array, what))
        {
            return false;
        }

        var items = ImmutableArray.CreateBuilder<T>();
        foreach (var (index, element) in found.Element.EnumerateArray().Index())
        {
            if (item.TryRead(found.Item(index, element), start, out var read))
            {
                items.Add(read);
            }
        }

        if (NotEmpty && found.Element.GetArrayLength() == 0)
        {
            found.Fail($"found an empty list, expected {what}");
        }

        value = items.ToImmutable();
        return true;
    }

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = item.Schema() };
        if (NotEmpty)
        {
            schema["minItems"] = 1;
        }

        return schema;
    }

    public override JsonNode? Show(ImmutableArray<T> value) =>
        value.IsDefault || value.Any(one => item.Show(one) is null) ? null : new JsonArray([.. value.Select(one => item.Show(one))]);
}
