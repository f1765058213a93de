namespace Omis.Agent.Core.Settings;

/// <summary>How one registry is reached. A credential goes to this host and the realm it names over TLS, nowhere else.</summary>
public sealed record RegistrySettings
{
    public string? Username { get; init; }

    public string? Password { get; init; }

    public bool PlainHttp { get; init; }

    public string? CaFile { get; init; }

    /// <summary>The client certificate shown to this host (PEM, with its intermediates), and its key in <see cref="KeyFile"/>.</summary>
    public string? CertificateFile { get; init; }

    public string? KeyFile { get; init; }

    public AzureSettings? Azure { get; init; }

    /// <summary>Never shows the password.</summary>
    public override string ToString() => $"RegistrySettings {{ Username = {Username}, PlainHttp = {PlainHttp}, Azure = {Azure} }}";
}

public enum AzureCredential
{
    ManagedIdentity, ServicePrincipal, WorkloadIdentity, AzureCli, Default,
}

/// <summary>Which of Azure's separate clouds a registry belongs to.</summary>
public enum AzureCloud
{
    Public, UsGovernment, China,
}

/// <summary>How an Azure Container Registry's token is asked for.</summary>
public sealed record AzureSettings
{
    public AzureCredential Credential { get; init; } = AzureCredential.ManagedIdentity;

    /// <summary>Null for the machine's own (system-assigned) identity.</summary>
    public string? ClientId { get; init; }

    public string? TenantId { get; init; }

    public string? ClientSecret { get; init; }

    /// <summary>PEM with its key, or PKCS#12. Read anew at each sign-in, so that a renewed one counts at once.</summary>
    public string? CertificateFile { get; init; }

    public string? CertificatePassword { get; init; }

    /// <summary>Null where the registry's own host name tells.</summary>
    public AzureCloud? Cloud { get; init; }

    /// <summary>Never shows a secret.</summary>
    public override string ToString() => $"AzureSettings {{ Credential = {Credential}, ClientId = {ClientId}, TenantId = {TenantId}, CertificateFile = {CertificateFile}, Cloud = {Cloud} }}";
}
