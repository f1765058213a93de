using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Configuration;

/// <summary>How registries are reached, and as whom.</summary>
internal static class RegistryShape
{
    public static readonly KeyShape Hosts = new("the host of a registry, as an image's name begins: registry.example.com, 127.0.0.1:5000 or docker.io", "[^/@\\s]+", Host);

    private static readonly ObjectShape<AzureSettings> Azure = new ObjectShape<AzureSettings>("an object", new())
        .Has("credential", Texts.OneOf(AzureCredential.ManagedIdentity, AzureCredential.ServicePrincipal, AzureCredential.WorkloadIdentity, AzureCredential.Default),
            "As whom the agent signs in.",
            azure => azure.Credential, (azure, value) => azure with { Credential = value })
        .Has("clientId", Texts.Plain,
            "The application's or the user-assigned identity's id; without it the machine's own identity.",
            azure => azure.ClientId, (azure, value) => azure with { ClientId = value })
        .Has("tenantId", Texts.Plain,
            "The directory of a service principal.",
            azure => azure.TenantId, (azure, value) => azure with { TenantId = value })
        .Has("clientSecret", Texts.Secret,
            "The secret of a service principal.",
            azure => azure.ClientSecret, (azure, value) => azure with { ClientSecret = value })
        .Check("credential", PrincipalIsWhole);

    public static readonly ObjectShape<RegistrySettings> Registry = new ObjectShape<RegistrySettings>("an object", new())
        .Has("username", Texts.Plain,
            "Who asks, where the registry wants a password.",
            registry => registry.Username, (registry, value) => registry with { Username = value })
        .Has("password", Texts.Secret,
            "That user's password or token.",
            registry => registry.Password, (registry, value) => registry with { Password = value })
        .Has("plainHttp", new FlagShape(),
            "True for a registry without TLS; one on this machine need not say so.",
            registry => registry.PlainHttp, (registry, value) => registry with { PlainHttp = value })
        .Has("caFile", Texts.File,
            "The certificate authority (PEM) of the registry.",
            registry => registry.CaFile, (registry, value) => registry with { CaFile = value })
        .Has("azure", Azure,
            "Signs in to an Azure Container Registry.",
            registry => registry.Azure, (registry, value) => registry with { Azure = value },
            notYet: "accepted, but this version does not sign in to Azure yet")
        .With(Rule.Together("username", "password"))
        .With(Rule.NotBoth("username", "azure"));

    /// <summary>As an image of that registry has it, so that both always agree.</summary>
    private static string? Host(string key) =>
        ImageReference.TryParse(key + "/x", out var image) && image.Repository is "x" or "library/x" ? image.Registry : null;

    private static string? PrincipalIsWhole(AzureSettings azure) =>
        azure.Credential != AzureCredential.ServicePrincipal || (azure.ClientId is not null && azure.TenantId is not null && azure.ClientSecret is not null)
            ? null
            : "a servicePrincipal needs clientId, tenantId and clientSecret";
}
