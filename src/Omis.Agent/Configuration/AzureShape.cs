using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Configuration;

/// <summary>As whom the agent signs in to an Azure Container Registry.</summary>
internal static class AzureShape
{
    public static readonly ObjectShape<AzureSettings> Azure = new ObjectShape<AzureSettings>("an object", new())
        .Has("credential", Texts.OneOf(AzureCredential.ManagedIdentity, AzureCredential.ServicePrincipal, AzureCredential.WorkloadIdentity, AzureCredential.AzureCli, AzureCredential.Default),
            "As whom the agent signs in.",
            azure => azure.Credential, (azure, value) => azure with { Credential = value })
        .Has("clientId", Texts.Plain,
            "The application's or the user-assigned identity's id; without it the machine's own identity.",
            azure => azure.ClientId, (azure, value) => azure with { ClientId = value })
        .Has("tenantId", Texts.Plain,
            "The directory of a service principal or workload identity.",
            azure => azure.TenantId, (azure, value) => azure with { TenantId = value })
        .Has("clientSecret", Texts.Secret,
            "The secret of a service principal.",
            azure => azure.ClientSecret, (azure, value) => azure with { ClientSecret = value })
        .Has("certificateFile", Texts.File,
            "The certificate of a service principal with its key, PEM or PKCS#12.",
            azure => azure.CertificateFile, (azure, value) => azure with { CertificateFile = value })
        .Has("certificatePassword", Texts.Secret,
            "What opens certificateFile.",
            azure => azure.CertificatePassword, (azure, value) => azure with { CertificatePassword = value })
        .Has("cloud", Texts.OneOf<AzureCloud?>(("public", AzureCloud.Public), ("usGovernment", AzureCloud.UsGovernment), ("china", AzureCloud.China)),
            "Azure's cloud; without it the registry's host tells (.azurecr.io, .azurecr.us, .azurecr.cn).",
            azure => azure.Cloud, (azure, value) => azure with { Cloud = value })
        .With(Rule.NotBoth("clientSecret", "certificateFile"))
        .With(Rule.Requires("certificatePassword", "certificateFile"))
        .Check("credential", PrincipalIsWhole)
        .Check("credential", NothingIsIdle);

    private static string? PrincipalIsWhole(AzureSettings azure) =>
        azure.Credential != AzureCredential.ServicePrincipal
        || (azure.ClientId is not null && azure.TenantId is not null && (azure.ClientSecret ?? azure.CertificateFile) is not null)
            ? null
            : "a servicePrincipal needs clientId, tenantId and clientSecret or certificateFile";

    /// <summary>A secret that nobody would look at stands there by mistake.</summary>
    private static string? NothingIsIdle(AzureSettings azure) =>
        azure.Credential != AzureCredential.ServicePrincipal && (azure.ClientSecret ?? azure.CertificateFile) is not null
            ? "clientSecret and certificateFile belong to a servicePrincipal; expected that, or neither of them"
            : null;
}
