using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Registries;

/// <summary>The registries that have been asked so far.</summary>
internal sealed class RegistryHosts(ImmutableDictionary<string, RegistrySettings> registries, RegistryPatience patience, TimeProvider clock, ILogger logger) : IDisposable
{
    private readonly ImmutableDictionary<string, RegistrySettings> _settings = RegistryNames.Canonical(registries);
    private readonly ConcurrentDictionary<string, RegistryHost> _hosts = new();

    public bool TryGet(string registry, [NotNullWhen(true)] out RegistryHost? host)
    {
        var name = RegistryNames.Canonical(registry);
        host = RegistryAddress.TryOf(name, _settings.GetValueOrDefault(name), out var address)
            ? _hosts.GetOrAdd(name, _ => new RegistryHost(address, patience, clock, logger))
            : null;
        return host is not null;
    }

    public void Dispose()
    {
        foreach (var host in _hosts.Values)
        {
            host.Dispose();
        }
    }
}
