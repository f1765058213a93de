using System.Collections.Immutable;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Registries.Credentials;

/// <summary>Username and password from the agent's own config.</summary>
public sealed class SettingsCredentials(ImmutableDictionary<string, RegistrySettings> registries) : IRegistryCredentials
{
    private readonly ImmutableDictionary<string, RegistrySettings> _registries = RegistryNames.Canonical(registries);

    public ValueTask<RegistryCredential?> ForAsync(string registry, CancellationToken ct) =>
        ValueTask.FromResult<RegistryCredential?>(
            _registries.GetValueOrDefault(RegistryNames.Canonical(registry)) is { Username: { } username, Password: { } password }
                ? new RegistryCredential.Basic(username, password)
                : null);
}
