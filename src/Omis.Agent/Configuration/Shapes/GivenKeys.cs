using System.Text.Json;

namespace Omis.Agent.Configuration.Shapes;

/// <summary>Which of an object's known keys are given. The others, and those given twice, are reported.</summary>
internal static class GivenKeys
{
    /// <returns>By the field's name, without the suffix File.</returns>
    public static Dictionary<string, Found> Of<T>(Found found, List<Field<T>> fields, T blank)
    {
        var given = new Dictionary<string, Found>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in found.Element.EnumerateObject())
        {
            if (!seen.Add(property.Name))
            {
                found.Fail(property.Name, "given twice; remove one");
            }
            else if (fields.Find(field => field.Keys.Contains(property.Name)) is not { } field)
            {
                found.Fail(property.Name, NearestKey.Message(property.Name, [.. fields.SelectMany(field => field.Keys)]));
            }
            else if (property.Value.ValueKind != JsonValueKind.Null || !field.IsNullable(blank))
            {
                var value = found.Key(property.Name, property.Value, inFile: property.Name != field.Name);
                if (!given.TryAdd(field.Name, value))
                {
                    value.Fail($"'{field.Name}' and '{FileSuffix.On(field.Name)}' are both given; remove one");
                }
            }
        }

        return given;
    }
}
