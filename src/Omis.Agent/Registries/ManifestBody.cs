using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Registries;

/// <summary>A manifest or index as bytes: its digest is theirs.</summary>
internal static class ManifestBody
{
    public static Digest DigestOf(ReadOnlySpan<byte> body, Digest? like) =>
        like?.Value.StartsWith("sha512:", StringComparison.Ordinal) == true
            ? Digest.Parse("sha512:" + Convert.ToHexStringLower(SHA512.HashData(body)))
            : Digest.Parse("sha256:" + Convert.ToHexStringLower(SHA256.HashData(body)));

    /// <summary>A whole JSON object with schemaVersion 2. A login page or half a manifest has a hash too, and would look like an update.</summary>
    public static bool IsManifest(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        var found = false;
        try
        {
            while (reader.Read())
            {
                found |= reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("schemaVersion"u8)
                    && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var version) && version == 2;
            }

            return found;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>What an index names; none for a manifest of one platform. Not all of it need be an image: attestations stand there too.</summary>
    public static ImmutableArray<Digest> PlatformsOf(ReadOnlySpan<byte> body)
    {
        try
        {
            var index = JsonSerializer.Deserialize(body, ManifestContext.Default.IndexJson);
            return [.. (index?.Manifests ?? []).Select(entry => Digest.TryParse(entry?.Digest, out var digest) ? digest : null).OfType<Digest>().Distinct()];
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The latter is how text meets half a surrogate pair.
            return [];
        }
    }
}

internal sealed record IndexJson(ImmutableArray<IndexEntryJson?>? Manifests);

internal sealed record IndexEntryJson(string? Digest);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IndexJson))]
internal sealed partial class ManifestContext : JsonSerializerContext;
