using System.Collections.Immutable;
using System.Text.Json;
using Omis.Agent.Core.Checking;

namespace Omis.Agent.Control.Webhooks;

/// <summary>Reads what may not be there, or may be something else.</summary>
internal static class PayloadReading
{
    /// <returns>Undefined where the value is no object or has no such key.</returns>
    public static JsonElement At(this JsonElement value, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(key, out value))
            {
                return default;
            }
        }

        return value;
    }

    /// <returns>Null where there is no text, or none that is one: a lone half of a surrogate pair.</returns>
    public static string? Text(this JsonElement value, params ReadOnlySpan<string> keys)
    {
        try
        {
            return value.At(keys) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static ImmutableArray<JsonElement> Items(this JsonElement value, params ReadOnlySpan<string> keys) =>
        value.At(keys) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : [];

    /// <summary>All of them, or none where one names no image.</summary>
    public static Heard Heard(this IEnumerable<ImageHint?> hints, string expected)
    {
        ImmutableArray<ImageHint?> all = [.. hints];
        return all.IsEmpty || all.Contains(null) ? new Heard.Garbled(expected) : new Heard.Pushed([.. all.OfType<ImageHint>().Distinct()]);
    }
}
