using System.Collections.Immutable;

namespace Omis.Agent.Registries.Credentials;

/// <summary>The first source that knows a registry: the agent's own config before docker's logins.</summary>
public sealed class CredentialChain(params ImmutableArray<IRegistryCredentials> sources) : IRegistryCredentials
{
    public async ValueTask<RegistryCredential?> ForAsync(string registry, CancellationToken ct)
    {
        foreach (var source in sources)
        {
            if (await source.ForAsync(registry, ct) is { } credential)
            {
                return credential;
            }
        }

        return null;
    }
}
