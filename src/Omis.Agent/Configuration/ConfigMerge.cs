using System.Text.Json;

namespace Omis.Agent.Configuration;

/// <summary>Lays one config over another: objects key by key, anything else as a whole. Pure.</summary>
internal static class ConfigMerge
{
    /// <param name="layers">Objects, the later over the earlier; none makes an empty one.</param>
    public static JsonDocument Of(IReadOnlyCollection<JsonElement> layers)
    {
        if (layers.Count == 0)
        {
            return JsonDocument.Parse("{}");
        }

        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            Write(writer, [.. layers]);
        }

        return JsonDocument.Parse(bytes.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, JsonElement[] layers)
    {
        if (layers[^1].ValueKind != JsonValueKind.Object)
        {
            layers[^1].WriteTo(writer);
            return;
        }

        var objects = layers.Reverse().TakeWhile(layer => layer.ValueKind == JsonValueKind.Object).Reverse().ToArray();
        writer.WriteStartObject();
        foreach (var key in objects.SelectMany(layer => layer.EnumerateObject()).Select(property => property.Name).Distinct(StringComparer.Ordinal))
        {
            Write(writer, key, objects);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string key, JsonElement[] objects)
    {
        var given = objects.Select(layer => layer.EnumerateObject().Where(property => property.Name == key).Select(property => property.Value).ToArray()).ToArray();
        if (given.FirstOrDefault(values => values.Length > 1) is { } twice)
        {
            // Whoever reads the whole tells that a key is given twice in one file.
            foreach (var value in twice)
            {
                writer.WritePropertyName(key);
                value.WriteTo(writer);
            }

            return;
        }

        writer.WritePropertyName(key);
        Write(writer, [.. given.SelectMany(values => values)]);
    }
}
