using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omis.Agent.Configuration.Shapes;

/// <summary>An object whose keys are the user's own names.</summary>
/// <param name="itemStart">What each entry says where it is silent.</param>
internal sealed class MapShape<T>(KeyShape keys, Shape<T> item, T? itemStart) : Shape<ImmutableDictionary<string, T>>
{
    public override bool TryRead(Found found, ImmutableDictionary<string, T>? start, [MaybeNullWhen(false)] out ImmutableDictionary<string, T> value)
    {
        value = null;
        if (!found.Is(JsonValueKind.Object, "an object"))
        {
            return false;
        }

        var names = new HashSet<string>(keys.Comparer);
        var entries = ImmutableDictionary.CreateBuilder<string, T>();
        foreach (var property in found.Element.EnumerateObject())
        {
            string? plain = null;
            var inFile = item.MayStandInFile && FileSuffix.IsOn(property.Name, out plain);
            if (Name(found, property.Name, plain ?? property.Name, names) is { } name
                && item.TryRead(found.Key(property.Name, property.Value, inFile), itemStart, out var read))
            {
                entries[name] = read;
            }
        }

        value = entries.ToImmutable();
        return true;
    }

    public override JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["propertyNames"] = new JsonObject { ["pattern"] = $"^(?:{keys.Pattern})$" },
        ["additionalProperties"] = item.Schema(),
    };

    private string? Name(Found found, string key, string plain, HashSet<string> names)
    {
        var name = keys.Normalise(plain);
        if (name is null)
        {
            found.Fail(key, $"this key is not {keys.Expected}");
        }
        else if (!names.Add(name))
        {
            found.Fail(key, $"{Found.Brief(name)} is given twice; remove one");
            return null;
        }

        return name;
    }
}
