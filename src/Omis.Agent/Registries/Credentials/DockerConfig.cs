using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omis.Agent.Registries.Credentials;

/// <summary>What docker's config.json says about logins. Source: docker/cli, cli/config/configfile/file.go.</summary>
internal sealed class DockerConfig
{
    public static readonly DockerConfig Empty = new(new DockerConfigFile(null, null, null));

    private readonly ImmutableDictionary<string, RegistryCredential> _logins;
    private readonly ImmutableDictionary<string, string> _helpers;

    private DockerConfig(DockerConfigFile file)
    {
        _logins = Logins(file.Auths ?? []);
        _helpers = Helpers(file.CredHelpers ?? []);
        Store = string.IsNullOrEmpty(file.CredsStore) ? null : file.CredsStore;
    }

    /// <summary>The helper that keeps the logins of all registries without one of their own.</summary>
    public string? Store { get; }

    /// <summary>What stands in the file itself.</summary>
    public RegistryCredential? For(string registry) => _logins.GetValueOrDefault(RegistryNames.Canonical(registry));

    /// <summary>The helper of that registry alone. An empty one means none, as for docker.</summary>
    public string? HelperOf(string registry) => _helpers.GetValueOrDefault(RegistryNames.Canonical(registry));

    /// <exception cref="InvalidDataException">It is not the JSON that docker writes. Says where, never what.</exception>
    public static DockerConfig Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var file = JsonSerializer.Deserialize(json, DockerConfigContext.Default.DockerConfigFile);
            return file is null ? Empty : new DockerConfig(file);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"it is not valid JSON, line {fault.LineNumber + 1}");
        }
    }

    /// <summary>A key that is exactly a host wins over the URL forms of the same host.</summary>
    private static ImmutableDictionary<string, RegistryCredential> Logins(Dictionary<string, DockerAuth?> auths)
    {
        var logins = ImmutableDictionary.CreateBuilder<string, RegistryCredential>();
        foreach (var (key, auth) in auths.OrderBy(entry => entry.Key.Contains('/', StringComparison.Ordinal)).ThenBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (auth is not null && Credential(auth) is { } credential)
            {
                logins.TryAdd(RegistryNames.Canonical(key), credential);
            }
        }

        return logins.ToImmutable();
    }

    private static ImmutableDictionary<string, string> Helpers(Dictionary<string, string?> named)
    {
        var helpers = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var (key, helper) in named.OrderBy(entry => entry.Key.Contains('/', StringComparison.Ordinal)).ThenBy(entry => entry.Key, StringComparer.Ordinal))
        {
            helpers.TryAdd(RegistryNames.Canonical(key), helper ?? "");
        }

        return helpers.ToImmutable();
    }

    private static RegistryCredential? Credential(DockerAuth auth) =>
        auth is { IdentityToken: { Length: > 0 } token } ? new RegistryCredential.IdentityToken(token)
        : Pair(auth.Auth) is { } pair ? pair
        : auth is { Username: { Length: > 0 } username, Password: { } password } ? new RegistryCredential.Basic(username, password)
        : null;

    /// <summary>base64 of <c>user:password</c>; docker pads the password with NULs on some systems and trims them when reading.</summary>
    private static RegistryCredential.Basic? Pair(string? auth)
    {
        var bytes = new byte[auth?.Length ?? 0];
        if (string.IsNullOrEmpty(auth) || !Convert.TryFromBase64String(auth, bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? new RegistryCredential.Basic(text[..colon], text[(colon + 1)..].Trim('\0')) : null;
    }
}

internal sealed record DockerConfigFile(Dictionary<string, DockerAuth?>? Auths, string? CredsStore, Dictionary<string, string?>? CredHelpers)
{
    /// <summary>Never shows anything.</summary>
    public override string ToString() => nameof(DockerConfigFile);
}

internal sealed record DockerAuth(string? Auth, string? Username, string? Password, string? IdentityToken)
{
    /// <summary>Never shows anything.</summary>
    public override string ToString() => nameof(DockerAuth);
}

/// <remarks>Go reads field names in any case, so people's files have them so.</remarks>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, AllowTrailingCommas = true)]
[JsonSerializable(typeof(DockerConfigFile))]
internal sealed partial class DockerConfigContext : JsonSerializerContext;
