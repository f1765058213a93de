using Microsoft.AspNetCore.Http;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;
using static Omis.Agent.Tests.Registries.Asking;

namespace Omis.Agent.Tests.Registries.Acr;

/// <summary>Each step that can fail says which it was and what to do, and repeats nothing that a server wrote.</summary>
[Collection(AzureEnvironment.Name)]
public sealed class AzureFailureTests
{
    private const string Echo = "words-of-the-server";

    private static readonly string[] PullRole = ["the AcrPull role is missing on 127.0.0.1:", "for managed identity ", "ABAC: Container Registry Repository Reader"];

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    public async Task An_exchange_that_is_refused_names_the_role(int status)
    {
        await using var rig = await AzureRig.StartAsync();
        rig.Acr.OnExchange = Says(status);

        await SaysAsync(rig, ReasonCode.RegistryUnauthorized, ["exchanging the Azure token of managed identity ", $"refuses it ({status})", .. PullRole]);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_token_that_is_refused_names_the_role(int status)
    {
        await using var rig = await AzureRig.StartAsync();
        rig.Acr.OnToken = Says(status);

        await SaysAsync(rig, ReasonCode.RegistryUnauthorized, ["the token realm at 127.0.0.1:", "refuses repository:omis-pc/backend:pull to managed identity ", .. PullRole]);
    }

    [Fact]
    public async Task A_manifest_that_is_refused_names_the_role()
    {
        await using var rig = await AzureRig.StartAsync();
        rig.Acr.OnManifest = Says(403);

        await SaysAsync(rig, ReasonCode.RegistryUnauthorized, ["127.0.0.1:", "refuses repository:omis-pc/backend:pull to managed identity ", .. PullRole]);
    }

    [Fact]
    public async Task A_registry_that_is_not_azures_is_said_to_be_none()
    {
        await using var rig = await AzureRig.StartAsync();
        rig.Acr.OnExchange = Says(404);

        await SaysAsync(rig, ReasonCode.RegistryUnauthorized, ["knows no such exchange (404)", "login server's name"]);
    }

    [Theory]
    [InlineData(500, ReasonCode.RegistryUnavailable, "answered 500")]
    [InlineData(503, ReasonCode.RegistryUnavailable, "answered 503")]
    [InlineData(429, ReasonCode.RateLimited, "limits the rate")]
    [InlineData(200, ReasonCode.RegistryUnavailable, "answered without a refresh token")]
    [InlineData(307, ReasonCode.RegistryUnavailable, "answered 307")]
    public async Task An_exchange_that_fails_otherwise_is_told_apart(int status, ReasonCode code, string said)
    {
        await using var rig = await AzureRig.StartAsync();
        rig.Acr.OnExchange = Says(status);

        await SaysAsync(rig, code, ["exchanging the Azure token of managed identity ", said]);
    }

    [Fact]
    public async Task An_identity_that_the_machine_does_not_have_is_told_from_a_service_that_is_not_there()
    {
        await using var rig = await AzureRig.StartAsync();
        rig.Entra.OnImds = Says(400, """{"error":"invalid_request","error_description":"Identity not found"}""");

        await SaysAsync(rig, ReasonCode.RegistryUnauthorized, ["signing in to Azure as managed identity ", "the machine's identity service (IMDS) gives no token", "assigned to this machine"]);
    }

    [Fact]
    public async Task A_machine_without_an_identity_service_says_so()
    {
        await using var rig = await AzureRig.StartAsync();
        rig.Entra.OnImds = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        await SaysAsync(rig, ReasonCode.RegistryUnavailable, ["signing in to Azure as managed identity ", "the machine's identity service (IMDS)", "outside Azure use servicePrincipal"]);
    }

    [Theory]
    [InlineData("AADSTS7000215", "the client secret is wrong")]
    [InlineData("AADSTS7000222", "the client secret has run out")]
    [InlineData("AADSTS700016", "there is no such application in this tenant")]
    [InlineData("AADSTS90002", "there is no such tenant in this cloud")]
    [InlineData("AADSTS53003", "look the number up")]
    public async Task What_the_authority_refuses_is_said_in_words(string number, string said)
    {
        await using var rig = await AzureRig.StartAsync(AzureRig.Principal());
        rig.Entra.OnToken = Says(401, $$"""{"error":"invalid_client","error_description":"{{number}}: {{Echo}}"}""");

        await SaysAsync(rig, ReasonCode.RegistryUnauthorized, ["signing in to Azure as service principal ", $"Entra refuses ({number}): {said}"]);
    }

    [Fact]
    public async Task An_authority_that_cannot_be_reached_is_no_refusal()
    {
        await using var rig = await AzureRig.StartAsync(AzureRig.Principal());
        await rig.Entra.Authority.DisposeAsync();

        await SaysAsync(rig, ReasonCode.RegistryUnavailable, ["signing in to Azure as service principal ", "cannot be reached"]);
    }

    [Fact]
    public async Task A_workload_identity_without_its_variables_names_them()
    {
        await using var rig = await AzureRig.StartAsync(new AzureSettings { Credential = AzureCredential.WorkloadIdentity });
        rig.Environment.Set("AZURE_FEDERATED_TOKEN_FILE", null).Set("AZURE_CLIENT_ID", null).Set("AZURE_TENANT_ID", null);

        await SaysAsync(rig, ReasonCode.RegistryUnauthorized, ["signing in to Azure as the workload identity failed", "AZURE_FEDERATED_TOKEN_FILE"]);
    }

    [Fact]
    public async Task A_machine_without_the_azure_cli_is_told_to_log_in()
    {
        await using var rig = await AzureRig.StartAsync(new AzureSettings { Credential = AzureCredential.AzureCli });
        rig.Environment.Set("PATH", "/nowhere");

        await SaysAsync(rig, ReasonCode.RegistryUnauthorized, ["signing in to Azure as the account of the Azure CLI failed", "az login"]);
    }

    private static Func<HttpContext, Task> Says(int status, string body = Echo) => async context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = status == 307 ? "https://elsewhere.example.com/" : null;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(body);
        }
    };

    private static async Task SaysAsync(AzureRig rig, ReasonCode code, params string[] words)
    {
        var failed = await FailedAsync(rig.Registry, rig.Acr.Image(), code);
        Assert.All(words, word => Assert.Contains(word, failed.Detail, StringComparison.Ordinal));
        Assert.DoesNotContain(Echo, failed.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", failed.Detail, StringComparison.Ordinal);
    }
}
