using System.Text.Json;
using System.Text.Json.Serialization;
using Docker.DotNet.Models;

namespace Omis.Agent.Registries.Credentials;

/// <summary>The same credential, as the engine wants it for a pull. Source: Engine API, "Authentication".</summary>
public static class EngineAuth
{
    /// <summary>The value of <c>X-Registry-Auth</c>: base64url of JSON, padded. Null where there is nothing to send.</summary>
    public static string? Header(string registry, RegistryCredential? credential)
    {
        if (credential is null)
        {
            return null;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(Wire(registry, credential), EngineAuthContext.Default.EngineAuthJson);
        return Convert.ToBase64String(json).Replace('+', '-').Replace('/', '_');
    }

    /// <summary>For Docker.DotNet's own calls.</summary>
    public static AuthConfig? Config(string registry, RegistryCredential? credential) =>
        credential is null ? null
        : Wire(registry, credential) is var wire ? new AuthConfig { Username = wire.Username, Password = wire.Password, IdentityToken = wire.IdentityToken, ServerAddress = wire.ServerAddress }
        : null;

    private static EngineAuthJson Wire(string registry, RegistryCredential credential)
    {
        var server = RegistryNames.Canonical(registry) is RegistryNames.DockerHub ? RegistryNames.DockerHubLogin : registry;
        return credential switch
        {
            RegistryCredential.Basic basic => new EngineAuthJson(server, Username: basic.Username, Password: basic.Password),
            RegistryCredential.IdentityToken identity => new EngineAuthJson(server, IdentityToken: identity.Token),
            _ => throw new ArgumentOutOfRangeException(nameof(credential), "a kind of credential that the engine does not know"),
        };
    }
}

internal sealed record EngineAuthJson(
    [property: JsonPropertyName("serveraddress")] string ServerAddress,
    [property: JsonPropertyName("username")] string? Username = null,
    [property: JsonPropertyName("password")] string? Password = null,
    [property: JsonPropertyName("identitytoken")] string? IdentityToken = null)
{
    /// <summary>Never shows a secret.</summary>
    public override string ToString() => $"EngineAuth for {ServerAddress}";
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EngineAuthJson))]
internal sealed partial class EngineAuthContext : JsonSerializerContext;
