using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Entra;

/// <summary>Makes the credential that the config names. Made anew for each sign-in, so that a renewed certificate or token file counts at once.</summary>
/// <param name="transport">How the authority is reached; null for Azure's own way.</param>
internal sealed class EntraCredentials(HttpPipelineTransport? transport = null)
{
    private static readonly TimeSpan ProcessTimeout = TimeSpan.FromSeconds(8);

    /// <exception cref="Core.Naming.EnvironmentException">The certificate cannot be used.</exception>
    public TokenCredential For(AzureSettings azure, Cloud cloud) => azure.Credential switch
    {
        AzureCredential.ServicePrincipal when azure.CertificateFile is { } file =>
            new ClientCertificateCredential(azure.TenantId, azure.ClientId, PrincipalCertificate.Read(file, azure.CertificatePassword), Certificate(azure, cloud)),
        AzureCredential.ServicePrincipal =>
            new ClientSecretCredential(azure.TenantId, azure.ClientId, azure.ClientSecret, Secret(azure, cloud)),
        AzureCredential.WorkloadIdentity => new WorkloadIdentityCredential(Workload(azure, cloud)),
        AzureCredential.AzureCli => new AzureCliCredential(Common(new AzureCliCredentialOptions { TenantId = azure.TenantId, ProcessTimeout = ProcessTimeout }, azure, cloud)),
        AzureCredential.Default => new DefaultAzureCredential(Chain(azure, cloud)),
        _ => new ManagedIdentityCredential(Managed(azure, cloud)),
    };

    private ClientSecretCredentialOptions Secret(AzureSettings azure, Cloud cloud)
    {
        var options = Common(new ClientSecretCredentialOptions(), azure, cloud);
        options.DisableInstanceDiscovery = !Cloud.IsKnown(options.AuthorityHost);
        return options;
    }

    private ClientCertificateCredentialOptions Certificate(AzureSettings azure, Cloud cloud)
    {
        // The chain lets an application trust by subject and issuer, so that a renewed certificate needs no upload.
        var options = Common(new ClientCertificateCredentialOptions { SendCertificateChain = true }, azure, cloud);
        options.DisableInstanceDiscovery = !Cloud.IsKnown(options.AuthorityHost);
        return options;
    }

    /// <summary>What the config does not say comes from AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE.</summary>
    private WorkloadIdentityCredentialOptions Workload(AzureSettings azure, Cloud cloud)
    {
        var options = Common(new WorkloadIdentityCredentialOptions(), azure, cloud);
        options.ClientId = azure.ClientId ?? options.ClientId;
        options.TenantId = azure.TenantId ?? options.TenantId;
        options.DisableInstanceDiscovery = !Cloud.IsKnown(options.AuthorityHost);
        return options;
    }

    private DefaultAzureCredentialOptions Chain(AzureSettings azure, Cloud cloud)
    {
        var options = Common(new DefaultAzureCredentialOptions { CredentialProcessTimeout = ProcessTimeout, ExcludeInteractiveBrowserCredential = true, ExcludeVisualStudioCredential = true }, azure, cloud);
        options.DisableInstanceDiscovery = !Cloud.IsKnown(options.AuthorityHost);
        options.TenantId = azure.TenantId ?? options.TenantId;
        options.ManagedIdentityClientId = azure.ClientId ?? options.ManagedIdentityClientId;
        options.WorkloadIdentityClientId = azure.ClientId ?? options.WorkloadIdentityClientId;
        return options;
    }

    private ManagedIdentityCredentialOptions Managed(AzureSettings azure, Cloud cloud) =>
        Common(
            new ManagedIdentityCredentialOptions(azure.ClientId is { } client ? ManagedIdentityId.FromUserAssignedClientId(client) : ManagedIdentityId.SystemAssigned),
            azure,
            cloud);

    /// <summary>AZURE_AUTHORITY_HOST, which Azure.Identity reads for itself, counts where the config names no cloud.</summary>
    private T Common<T>(T options, AzureSettings azure, Cloud cloud)
        where T : TokenCredentialOptions
    {
        if (azure.Cloud is not null || string.IsNullOrEmpty(Environment.GetEnvironmentVariable("AZURE_AUTHORITY_HOST")))
        {
            options.AuthorityHost = cloud.Authority;
        }

        if (transport is not null)
        {
            options.Transport = transport;
        }

        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
        options.Retry.MaxRetries = 1;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(5);
        return options;
    }
}
