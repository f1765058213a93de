using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Omis.Agent.Control.Api;

// What callers may say. All of it may be left out but a rollback's project.

internal sealed record UpdateAsked(string? Project = null, ImmutableArray<string>? Services = null, string? Actor = null, string? Reason = null);

/// <param name="To">A digest, its first digits, or a rollout's id.</param>
internal sealed record RollbackAsked(string? Project = null, ImmutableArray<string>? Services = null, string? To = null, string? Actor = null, string? Reason = null);

/// <param name="For">A duration such as <c>2h</c>; until resumed where null.</param>
internal sealed record PauseAsked(string? Project = null, string? For = null, string? Actor = null, string? Reason = null);

internal sealed record ResumeAsked(string? Project = null);

/// <summary>Reads what a caller says, and refuses what it does not know: a mistyped name would mean everything.</summary>
internal static class Bodies
{
    /// <param name="nothing">What an empty body says.</param>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, T nothing, TimeProvider time)
    {
        var body = await RequestBody.ReadAsync(context, time);
        try
        {
            return body.IsEmpty ? nothing : JsonSerializer.Deserialize(body.Span, type) ?? nothing;
        }
        catch (JsonException fault)
        {
            var where = fault.Path is { Length: > 0 } and not "$" ? $" at {fault.Path}" : "";
            throw new RefusedException(StatusCodes.Status400BadRequest, "badRequest", $"the body cannot be understood{where}; expected a JSON object with some of: {string.Join(", ", type.Properties.Select(property => property.Name))}");
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UpdateAsked))]
[JsonSerializable(typeof(RollbackAsked))]
[JsonSerializable(typeof(PauseAsked))]
[JsonSerializable(typeof(ResumeAsked))]
internal sealed partial class AskedJson : JsonSerializerContext;
