using Azure;
using Azure.Core;
using Azure.Identity;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Registries.Acr;

/// <summary>The first step: a token of Entra's for the registry.</summary>
internal sealed class SignIn(EntraCredentials credentials, TimeProvider clock)
{
    /// <summary>An identity service that is not there takes half a minute to be given up on, longer than a question may take.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);

    /// <exception cref="EnvironmentException">No token; which step failed, and what to do.</exception>
    public async Task<string> TokenAsync(RegistryAddress address, AzureSettings azure)
    {
        var cloud = Cloud.Of(address.Name, azure.Cloud);
        using var deadline = new CancellationTokenSource(Timeout, clock);
        try
        {
            var credential = credentials.For(azure, cloud);
            try
            {
                return await TokenAsync(credential, Cloud.Registries, deadline.Token);
            }
            catch (AuthenticationFailedException fault) when (SignInFaults.IsUnknownAudience(fault) && MayHaveManagement(address))
            {
                return await TokenAsync(credential, cloud.Management, deadline.Token);
            }
        }
        catch (Exception fault) when (fault is AuthenticationFailedException or RequestFailedException or ArgumentException or InvalidOperationException or OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            throw SignInFaults.Explain(azure, cloud, fault, Timeout);
        }
    }

    private static async Task<string> TokenAsync(TokenCredential credential, string audience, CancellationToken ct) =>
        (await credential.GetTokenAsync(new TokenRequestContext([audience]), ct).AsTask().WaitAsync(ct)).Token;

    /// <summary>That token opens more than registries, so it goes to nobody but Azure's own.</summary>
    private static bool MayHaveManagement(RegistryAddress address) =>
        RegistryAddress.IsLoopback(address.Root) || Cloud.OfHost(address.Root.IdnHost) is not null;
}
