using System.Net.Sockets;
using System.Text.RegularExpressions;
using Azure;
using Azure.Identity;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Entra;

/// <summary>Why there is no token of Entra's, and what to do. Of its own words only the error's number is repeated.</summary>
internal static partial class SignInFaults
{
    /// <summary>AADSTS500011 and invalid_resource: the tenant does not know the audience.</summary>
    public static bool IsUnknownAudience(AuthenticationFailedException fault) =>
        Chain(fault).Any(one => one.Message.Contains("AADSTS500011", StringComparison.Ordinal) || one.Message.Contains("invalid_resource", StringComparison.Ordinal));

    public static EnvironmentException Explain(AzureSettings azure, Cloud cloud, Exception fault, TimeSpan timeout)
    {
        var (code, why) = Why(azure, cloud, fault, timeout);
        return new EnvironmentException(code, $"signing in to Azure as {Identity.Of(azure)} failed: {why}");
    }

    private static (ReasonCode Code, string Why) Why(AzureSettings azure, Cloud cloud, Exception fault, TimeSpan timeout)
    {
        var at = azure.Credential == AzureCredential.ManagedIdentity ? "the machine's identity service (IMDS)" : $"Entra ({cloud.Authority.Host})";
        if (fault is OperationCanceledException)
        {
            return (ReasonCode.RegistryUnavailable, $"{at} did not answer within {timeout.TotalSeconds:0} s; {Remedy(azure)}");
        }

        if (Chain(fault).Select(one => Number().Match(one.Message)).FirstOrDefault(match => match.Success) is { } number)
        {
            return (ReasonCode.RegistryUnauthorized, $"Entra refuses ({number.Value}): {Meaning(number.Value)}");
        }

        return IsNetwork(fault) ? (ReasonCode.RegistryUnavailable, $"{at} cannot be reached; {Remedy(azure)}")
            : (ReasonCode.RegistryUnauthorized, $"{Step(azure)}; {Remedy(azure)}");
    }

    private static string Step(AzureSettings azure) => azure.Credential switch
    {
        AzureCredential.ManagedIdentity => "the machine's identity service (IMDS) gives no token",
        AzureCredential.WorkloadIdentity => "no token came of AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE",
        AzureCredential.AzureCli => "the Azure CLI gives no token",
        AzureCredential.ServicePrincipal => "Entra gives no token",
        _ => "none of the chain gives a token",
    };

    private static string Remedy(AzureSettings azure) => azure.Credential switch
    {
        AzureCredential.ManagedIdentity => azure.ClientId is null
            ? "switch on the system-assigned identity of this machine, or name a user-assigned one with clientId; outside Azure use servicePrincipal"
            : "check that clientId is right and that this identity is assigned to this machine; outside Azure use servicePrincipal",
        AzureCredential.WorkloadIdentity => "set the three, or clientId and tenantId in the config, and see that the token file can be read",
        AzureCredential.AzureCli => "run 'az login' as the agent's user, with az on its PATH",
        AzureCredential.ServicePrincipal => "check clientId, tenantId, the secret or certificate, and that the authority can be reached",
        _ => "name one of managedIdentity, servicePrincipal, workloadIdentity or azureCli, whose errors are plainer",
    };

    /// <summary>Source: learn.microsoft.com/entra/identity-platform/reference-error-codes.</summary>
    private static string Meaning(string number) => number switch
    {
        "AADSTS7000215" => "the client secret is wrong; use the secret's value, not its id",
        "AADSTS7000222" => "the client secret has run out; make a new one",
        "AADSTS700027" => "the application does not know this certificate, or it has run out; upload it to the application",
        "AADSTS700016" or "AADSTS700038" => "there is no such application in this tenant; check clientId and tenantId",
        "AADSTS90002" or "AADSTS900021" or "AADSTS900023" => "there is no such tenant in this cloud; check tenantId, and cloud where the registry is not in the public one",
        "AADSTS70021" or "AADSTS700211" or "AADSTS700212" or "AADSTS700213" => "no federated credential of the application matches; check its issuer, subject and audience",
        "AADSTS7000112" => "the application is switched off",
        "AADSTS500011" => "the tenant does not know the service that the token is for; check tenantId",
        _ => "look the number up at login.microsoftonline.com/error",
    };

    private static bool IsNetwork(Exception fault) =>
        Chain(fault).Any(one => one is SocketException or HttpRequestException { StatusCode: null } or TaskCanceledException or RequestFailedException { Status: 0 or >= 500 });

    private static IEnumerable<Exception> Chain(Exception fault) =>
        fault is AggregateException many ? many.InnerExceptions.SelectMany(Chain).Prepend(fault)
        : fault.InnerException is { } inner ? Chain(inner).Prepend(fault)
        : [fault];

    [GeneratedRegex("AADSTS[0-9]{4,8}")]
    private static partial Regex Number();
}
