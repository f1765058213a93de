using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omis.Agent.Registries.Credentials;

/// <summary>What a helper said. Source: docker-credential-helpers, credentials/credentials.go and error.go.</summary>
/// <param name="Credential">Null where it has no login.</param>
internal sealed record HelperAnswer(RegistryCredential? Credential)
{
    /// <summary>The user that stands for "the secret is an identity token". Source: docker/cli, cli/config/credentials/native_store.go.</summary>
    private const string TokenUser = "<token>";

    /// <summary>Null where it is not the JSON of a login.</summary>
    public static HelperAnswer? Read(ReadOnlySpan<byte> output)
    {
        try
        {
            return JsonSerializer.Deserialize(output, HelperContext.Default.HelperJson) is { } login ? new HelperAnswer(Of(login)) : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Of a helper that failed: true where all it means is that it knows no such server.</summary>
    public static bool IsNone(ReadOnlySpan<byte> output) => output.IndexOf("credentials not found"u8) >= 0;

    private static RegistryCredential? Of(HelperJson login) =>
        string.IsNullOrEmpty(login.Username) || string.IsNullOrEmpty(login.Secret) ? null
        : login.Username == TokenUser ? new RegistryCredential.IdentityToken(login.Secret)
        : new RegistryCredential.Basic(login.Username, login.Secret);
}

internal sealed record HelperJson(string? Username, string? Secret)
{
    /// <summary>Never shows anything.</summary>
    public override string ToString() => nameof(HelperJson);
}

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(HelperJson))]
internal sealed partial class HelperContext : JsonSerializerContext;
