using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Core.Settings;
using Omis.Agent.Entra;
using Omis.Agent.Registries;
using Omis.Agent.Registries.Acr;

namespace Omis.Agent.Tests.Registries.Acr;

/// <summary>A registry in Azure's dialect, an authority, an identity service, and the agent's registries over them.</summary>
internal sealed class AzureRig : IAsyncDisposable
{
    private AzureRig() { }

    public AcrServer Acr { get; private set; } = null!;

    public EntraServer Entra { get; private set; } = null!;

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow);

    public AzureCredentials Credentials { get; private set; } = null!;

    public OciRegistry Registry { get; private set; } = null!;

    public Variables Environment { get; } = new();

    /// <summary>No test shares an identity with another: Azure.Identity keeps tokens for the whole process.</summary>
    public static AzureSettings Managed() => new() { ClientId = Guid.NewGuid().ToString() };

    public static AzureSettings Principal() => new()
    {
        Credential = AzureCredential.ServicePrincipal,
        ClientId = Guid.NewGuid().ToString(),
        TenantId = Guid.NewGuid().ToString(),
        ClientSecret = "planted-client-secret",
    };

    public static async Task<AzureRig> StartAsync(AzureSettings? azure = null, params (string Name, RegistrySettings Settings)[] others)
    {
        var rig = new AzureRig { Acr = await AcrServer.StartAsync(), Entra = await EntraServer.StartAsync() };
        rig.Environment
            .Set("AZURE_POD_IDENTITY_AUTHORITY_HOST", rig.Entra.Imds.Url)
            .Set("AZURE_AUTHORITY_HOST", rig.Entra.Authority.Url);
        var settings = others.Append((rig.Acr.Name, new RegistrySettings { Azure = azure ?? Managed() })).ToImmutableDictionary(entry => entry.Item1, entry => entry.Item2);
        rig.Credentials = new AzureCredentials(settings, new SignIn(new EntraCredentials(rig.Entra.Transport), rig.Clock), Asking.Patience, rig.Clock);
        rig.Registry = new OciRegistry(settings, rig.Credentials, rig.Clock, NullLogger<OciRegistry>.Instance, Asking.Patience);
        return rig;
    }

    public async ValueTask DisposeAsync()
    {
        Environment.Dispose();
        Registry.Dispose();
        Credentials.Dispose();
        await Acr.DisposeAsync();
        await Entra.DisposeAsync();
    }
}
