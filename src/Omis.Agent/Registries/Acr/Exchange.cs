using System.Net;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;
using Omis.Agent.Entra;
using Omis.Agent.Registries.Tokens;

namespace Omis.Agent.Registries.Acr;

/// <summary>
/// The second step: Entra's token for the registry's own refresh token, which lasts three hours.
/// Source: github.com/Azure/acr/blob/main/docs/AAD-OAuth.md.
/// </summary>
internal sealed class Exchange(Courier courier, TimeProvider clock)
{
    private const int MostBytes = 1 << 20;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <exception cref="EnvironmentException">No token; which step failed, and what to do.</exception>
    public async Task<Token> RefreshTokenAsync(RegistryAddress address, AzureSettings azure, string entra)
    {
        using var deadline = new CancellationTokenSource(Timeout, clock);
        try
        {
            using var response = await courier.SendAsync(address, Ask(address, azure, entra), deadline.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw Refusal(address, azure, response.StatusCode);
            }

            var body = await BoundedBody.ReadAsync(response, MostBytes, deadline.Token);
            return TokenBody.ReadRefresh(body.Span, clock.GetUtcNow())
                ?? throw Fault(ReasonCode.RegistryUnavailable, address, azure, "answered without a refresh token that could be used");
        }
        catch (Exception fault) when (TransportFaults.Explain(fault, address.Name, Timeout) is { } detail)
        {
            throw new EnvironmentException(ReasonCode.RegistryUnavailable, $"exchanging the Azure token of {Identity.Of(azure)}: {detail}");
        }
    }

    private static Question Ask(RegistryAddress address, AzureSettings azure, string entra) => new(HttpMethod.Post, new Uri(address.Root, "oauth2/exchange"))
    {
        Purpose = Purpose.Token,
        Form =
        [
            new("grant_type", "access_token"),
            new("service", address.Name),
            .. azure.TenantId is { } tenant ? [new KeyValuePair<string, string>("tenant", tenant)] : Array.Empty<KeyValuePair<string, string>>(),
            new("access_token", entra),
        ],
    };

    private static EnvironmentException Refusal(RegistryAddress address, AzureSettings azure, HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized => Fault(
            ReasonCode.RegistryUnauthorized, address, azure, $"refuses it ({(int)status}); {Identity.Role(azure, address.Name)}; the registry must be of the same tenant"),
        HttpStatusCode.Forbidden => Fault(
            ReasonCode.RegistryUnauthorized, address, azure, $"refuses it (403); {Identity.Role(azure, address.Name)}; or its firewall shuts this machine out"),
        HttpStatusCode.NotFound => Fault(
            ReasonCode.RegistryUnauthorized, address, azure, "knows no such exchange (404); registries with 'azure' must be Azure Container Registries, by their login server's name"),
        HttpStatusCode.TooManyRequests => Fault(ReasonCode.RateLimited, address, azure, "limits the rate of questions (429)"),
        _ => Fault(ReasonCode.RegistryUnavailable, address, azure, $"answered {(int)status}"),
    };

    private static EnvironmentException Fault(ReasonCode code, RegistryAddress address, AzureSettings azure, string what) =>
        new(code, $"exchanging the Azure token of {Identity.Of(azure)} failed: {address.Name} {what}");
}
