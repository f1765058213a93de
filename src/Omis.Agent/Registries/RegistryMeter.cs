using System.Diagnostics.Metrics;

namespace Omis.Agent.Registries;

/// <summary>Counts what is asked of registries, by the registry's name whoever answers for it, so that there are as many series as registries.</summary>
internal static class RegistryMeter
{
    public static readonly Meter Meter = new("Omis.Agent.Registries");

    private static readonly Counter<long> Requests = Meter.CreateCounter<long>("omis_agent.registry.requests", "{request}", "Requests for manifests, redirects and retries included, by registry and HTTP status; 'none' where no answer came.");
    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>("omis_agent.registry.token_requests", "{request}", "Requests for tokens, likewise.");

    /// <param name="status">Null where no answer came.</param>
    public static void Count(RegistryAddress address, Purpose purpose, int? status) =>
        (purpose == Purpose.Token ? Tokens : Requests).Add(1, new("registry", address.Name), new("status", status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"));
}

/// <summary>What a question is for.</summary>
internal enum Purpose
{
    Manifest, Token,
}
