using Azure.Identity;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Entra;

/// <summary>One of Azure's clouds: who signs people in there, and for whom a token has to be.</summary>
/// <param name="Authority">Source: learn.microsoft.com/entra/identity-platform/authentication-national-cloud.</param>
/// <param name="Management">The audience of the resource manager, which registries take where they do not insist on their own.</param>
internal sealed record Cloud(AzureCloud Name, Uri Authority, string Management)
{
    /// <summary>The audience of every registry, the same in all clouds. Source: learn.microsoft.com/azure/container-registry/container-registry-disable-authentication-as-arm.</summary>
    public const string Registries = "https://containerregistry.azure.net/.default";

    /// <summary>The audience of Azure DevOps. Source: learn.microsoft.com/azure/devops/integrate/get-started/authentication/service-principal-managed-identity.</summary>
    public const string DevOps = "499b84ac-1321-427f-aa17-267ca6975798/.default";

    private static readonly Cloud Public = new(AzureCloud.Public, AzureAuthorityHosts.AzurePublicCloud, "https://management.azure.com/.default");
    private static readonly Cloud UsGovernment = new(AzureCloud.UsGovernment, AzureAuthorityHosts.AzureGovernment, "https://management.usgovcloudapi.net/.default");
    private static readonly Cloud China = new(AzureCloud.China, AzureAuthorityHosts.AzureChina, "https://management.chinacloudapi.cn/.default");

    /// <param name="said">What the config says; else the host's ending tells.</param>
    public static Cloud Of(string host, AzureCloud? said) => (said ?? OfHost(host)) switch
    {
        AzureCloud.UsGovernment => UsGovernment,
        AzureCloud.China => China,
        _ => Public,
    };

    public static bool IsKnown(Uri authority) => authority == Public.Authority || authority == UsGovernment.Authority || authority == China.Authority;

    /// <summary>Null for a host that is none of Azure's own.</summary>
    public static AzureCloud? OfHost(string host) =>
        host.EndsWith(".azurecr.io", StringComparison.Ordinal) ? AzureCloud.Public
        : host.EndsWith(".azurecr.us", StringComparison.Ordinal) ? AzureCloud.UsGovernment
        : host.EndsWith(".azurecr.cn", StringComparison.Ordinal) ? AzureCloud.China
        : null;
}
