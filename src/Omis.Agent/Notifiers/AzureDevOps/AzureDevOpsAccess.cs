using System.Text;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Settings;
using Omis.Agent.Entra;
using Omis.Agent.Notifiers.Sources;

namespace Omis.Agent.Notifiers.AzureDevOps;

/// <summary>As whom Azure DevOps is asked: with a personal access token, or with one of Entra's, which is kept until shortly before its end.</summary>
/// <param name="pat">Null where there is <paramref name="azure"/>.</param>
internal sealed class AzureDevOpsAccess(string? pat, AzureSettings? azure, SignIn signIn, TimeProvider time)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private (string Token, DateTimeOffset Until)? kept;

    /// <returns>The header's value.</returns>
    /// <exception cref="ApiFaultException">Entra gives no token.</exception>
    public async Task<string> HeaderAsync()
    {
        if (azure is null)
        {
            return "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(":" + pat));
        }

        if (kept is not { } known || time.GetUtcNow() >= known.Until)
        {
            known = await SignInAsync(azure);
            kept = known;
        }

        return "Bearer " + known.Token;
    }

    /// <returns>True where there may be another one.</returns>
    public bool Forget()
    {
        kept = null;
        return azure is not null;
    }

    private async Task<(string Token, DateTimeOffset Until)> SignInAsync(AzureSettings azure)
    {
        try
        {
            var token = await signIn.TokenAsync(Cloud.Of("dev.azure.com", azure.Cloud), azure, Cloud.DevOps);
            return (token.Token, token.ExpiresOn - Margin);
        }
        catch (EnvironmentException fault)
        {
            throw new ApiFaultException(fault.Code == ReasonCode.RegistryUnavailable ? new Delivery.Away(fault.Message) : new Delivery.Rejected(fault.Message));
        }
    }
}
