using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Omis.Agent.Configuration.Shapes;

/// <summary>One key of an object: what it is called, what it means and where it goes.</summary>
internal abstract class Field<T>(string name, string description)
{
    public string Name { get; } = name;

    public string Description { get; } = description;

    public virtual bool MayStandInFile => false;

    /// <summary>The names that the key may have.</summary>
    public ImmutableArray<string> Keys => MayStandInFile ? [Name, FileSuffix.On(Name)] : [Name];

    /// <summary>True where <c>null</c> means the same as silence.</summary>
    public virtual bool IsNullable(T blank) => false;

    public abstract T Read(Found found, T target);

    public abstract JsonObject Schema(T blank);
}

internal sealed class ValueField<T, TValue>(string name, Shape<TValue> shape, string description, Func<T, TValue?> get, Func<T, TValue, T> set)
    : Field<T>(name, description)
{
    public override bool MayStandInFile => shape.MayStandInFile;

    public override bool IsNullable(T blank) => get(blank) is null;

    public override T Read(Found found, T target) => shape.TryRead(found, get(target), out var value) ? set(target, value) : target;

    public override JsonObject Schema(T blank)
    {
        var schema = shape.Schema();
        if (IsNullable(blank))
        {
            schema = OrNull(schema);
        }

        if (shape.Show(get(blank)) is { } shown)
        {
            schema["default"] = shown;
        }

        return schema;
    }

    /// <summary>Rules and choices say nothing about null, so it stands beside them: to <c>required</c> whatever is no object has every key.</summary>
    private static JsonObject OrNull(JsonObject schema)
    {
        if (schema["type"] is not { } type || schema.ContainsKey("allOf"))
        {
            return new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        }

        schema["type"] = new JsonArray(type.DeepClone(), "null");
        return schema;
    }
}

/// <summary>Entries by the user's own names, each of which inherits from the object they stand in.</summary>
internal sealed class EachField<T, TItem>(
    string name, KeyShape keys, Shape<TItem> item, string description, Func<T, TItem?> start, Func<T, ImmutableDictionary<string, TItem>, T> set)
    : Field<T>(name, description)
{
    public override T Read(Found found, T target) => Map(target).TryRead(found, null, out var value) ? set(target, value) : target;

    public override JsonObject Schema(T blank) => Map(blank).Schema();

    private MapShape<TItem> Map(T target) => new(keys, item, start(target));
}
