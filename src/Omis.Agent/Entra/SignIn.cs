using Azure;
using Azure.Core;
using Azure.Identity;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Entra;

/// <summary>A token of Entra's, as whom the config says.</summary>
internal sealed class SignIn(EntraCredentials credentials, TimeProvider clock)
{
    /// <summary>An identity service that is not there takes half a minute to be given up on, longer than a question may take.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);

    /// <param name="audience">For whom the token has to be, as a scope: <c>https://…/.default</c>.</param>
    /// <param name="otherwise">For whom where the tenant does not know that one.</param>
    /// <exception cref="EnvironmentException">No token; which step failed, and what to do.</exception>
    public async Task<AccessToken> TokenAsync(Cloud cloud, AzureSettings azure, string audience, string? otherwise = null)
    {
        using var deadline = new CancellationTokenSource(Timeout, clock);
        try
        {
            var credential = credentials.For(azure, cloud);
            try
            {
                return await TokenAsync(credential, audience, deadline.Token);
            }
            catch (AuthenticationFailedException fault) when (otherwise is not null && SignInFaults.IsUnknownAudience(fault))
            {
                return await TokenAsync(credential, otherwise, deadline.Token);
            }
        }
        catch (Exception fault) when (fault is AuthenticationFailedException or RequestFailedException or ArgumentException or InvalidOperationException or OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            throw SignInFaults.Explain(azure, cloud, fault, Timeout);
        }
    }

    private static async Task<AccessToken> TokenAsync(TokenCredential credential, string audience, CancellationToken ct) =>
        await credential.GetTokenAsync(new TokenRequestContext([audience]), ct).AsTask().WaitAsync(ct);
}
