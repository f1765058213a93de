using System.Collections.Immutable;

namespace Omis.Agent.Registries.Credentials;

/// <summary>The first source that knows a registry: the agent's own config before docker's logins.</summary>
public sealed class CredentialChain(params ImmutableArray<IRegistryCredentials> sources) : IRegistryCredentials, IDisposable
{
    public async ValueTask<RegistryCredential?> ForAsync(string registry, CancellationToken ct)
    {
        foreach (var source in sources)
        {
            if (await source.ForAsync(registry, ct).ConfigureAwait(false) is { } credential)
            {
                return credential;
            }
        }

        return null;
    }

    public void Refused(string registry, RegistryCredential credential)
    {
        foreach (var source in sources)
        {
            source.Refused(registry, credential);
        }
    }

    public void Dispose()
    {
        foreach (var source in sources)
        {
            (source as IDisposable)?.Dispose();
        }
    }
}
