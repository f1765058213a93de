using Omis.Agent.Core.Settings;

namespace Omis.Agent.Entra;

/// <summary>Who signs in where, in words.</summary>
internal static class Identity
{
    public static string Of(AzureSettings azure) => azure switch
    {
        { Credential: AzureCredential.ManagedIdentity, ClientId: null } => "this machine's managed identity",
        { Credential: AzureCredential.ManagedIdentity } => $"managed identity {azure.ClientId}",
        { Credential: AzureCredential.ServicePrincipal } => $"service principal {azure.ClientId}",
        { Credential: AzureCredential.WorkloadIdentity } => azure.ClientId is { } client ? $"workload identity {client}" : "the workload identity",
        { Credential: AzureCredential.AzureCli } => "the account of the Azure CLI",
        _ => "the account of Azure's default chain",
    };

    /// <summary>AcrPull means nothing to a registry in ABAC mode. Source: learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions.</summary>
    public static string Role(AzureSettings azure, string registry) =>
        $"the AcrPull role is missing on {registry} for {Of(azure)}: assign it (where the registry's permissions are per repository, ABAC: Container Registry Repository Reader), and wait some minutes until it counts";
}
