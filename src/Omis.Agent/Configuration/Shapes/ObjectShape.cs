using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omis.Agent.Configuration.Shapes;

/// <summary>An object with known keys. They are read in the order in which they are described here, whatever the config's own, so that what inherits comes last.</summary>
/// <param name="blank">What the defaults are.</param>
internal sealed class ObjectShape<T>(string what, T blank) : Shape<T>
    where T : class
{
    private readonly List<Field<T>> fields = [];
    private readonly List<Rule> rules = [];
    private readonly List<(string Key, Func<T, string?> Broken)> checks = [];
    private readonly List<(string Key, Func<T, string?> Unwise)> advice = [];

    /// <summary>True where silence means something other than <c>blank</c>, so that the schema names no defaults.</summary>
    public bool Inherits { get; init; }

    public ImmutableArray<string> Keys => [.. fields.SelectMany(known => known.Keys)];

    public ObjectShape<T> Has<TValue>(
        string name, Shape<TValue> shape, string description, Func<T, TValue?> get, Func<T, TValue, T> set)
    {
        fields.Add(new ValueField<T, TValue>(name, shape, description, get, set));
        return this;
    }

    public ObjectShape<T> HasEach<TItem>(
        string name, KeyShape keys, Shape<TItem> item, string description, Func<T, TItem?> start, Func<T, ImmutableDictionary<string, TItem>, T> set)
    {
        fields.Add(new EachField<T, TItem>(name, keys, item, description, start, set));
        return this;
    }

    public ObjectShape<T> With(Rule rule)
    {
        rules.Add(rule);
        return this;
    }

    /// <param name="key">Where the error is shown.</param>
    /// <param name="broken">What is wrong with values that are right each for itself, or null.</param>
    public ObjectShape<T> Check(string key, Func<T, string?> broken)
    {
        checks.Add((key, broken));
        return this;
    }

    /// <param name="unwise">What is better done otherwise, or null; a warning.</param>
    public ObjectShape<T> Advise(string key, Func<T, string?> unwise)
    {
        advice.Add((key, unwise));
        return this;
    }

    public override bool TryRead(Found found, T? start, [MaybeNullWhen(false)] out T value)
    {
        value = start ?? blank;
        if (!found.Is(JsonValueKind.Object, what))
        {
            return false;
        }

        var errors = found.Reading.Errors.Count;
        var given = GivenKeys.Of(found, fields, blank);
        foreach (var field in fields.Where(field => given.ContainsKey(field.Name)))
        {
            value = field.Read(given[field.Name], value);
        }

        foreach (var rule in rules.Select(rule => rule.Broken(given.Keys)).OfType<string>())
        {
            found.Fail(rule);
        }

        // Values that are wrong each for itself say nothing about how they agree.
        if (found.Reading.Errors.Count == errors)
        {
            Agree(found, value);
        }

        return true;
    }

    public override JsonObject Schema() => ObjectSchema.Of(fields, rules, blank, defaults: !Inherits);

    private void Agree(Found found, T value)
    {
        foreach (var (key, broken) in checks)
        {
            if (broken(value) is { } message)
            {
                found.Fail(key, message);
            }
        }

        foreach (var (key, unwise) in advice)
        {
            if (unwise(value) is { } message)
            {
                found.Warn(key, message);
            }
        }
    }
}
