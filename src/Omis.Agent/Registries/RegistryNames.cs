using System.Collections.Immutable;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Registries;

/// <summary>One spelling for each registry, whether a reference, the config or docker's own config.json names it.</summary>
internal static class RegistryNames
{
    public const string DockerHub = "docker.io";

    /// <summary>Where <c>docker login</c> files its credential for Docker Hub, and what the engine expects as its server address.</summary>
    public const string DockerHubLogin = "https://index.docker.io/v1/";

    /// <summary>Host and port, lower case, as in <see cref="Core.Naming.ImageReference.Registry"/>; a scheme and a path are cut off, as docker does.</summary>
    public static string Canonical(string name)
    {
        var scheme = name.IndexOf("://", StringComparison.Ordinal);
        var host = name[(scheme < 0 ? 0 : scheme + 3)..];
        var slash = host.IndexOf('/', StringComparison.Ordinal);
        host = (slash < 0 ? host : host[..slash]).ToLowerInvariant();
        return host is "index.docker.io" or "registry-1.docker.io" ? DockerHub : host;
    }

    public static ImmutableDictionary<string, RegistrySettings> Canonical(ImmutableDictionary<string, RegistrySettings> registries)
    {
        var canonical = ImmutableDictionary.CreateBuilder<string, RegistrySettings>();
        foreach (var (name, settings) in registries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            canonical.TryAdd(Canonical(name), settings);
        }

        return canonical.ToImmutable();
    }
}
