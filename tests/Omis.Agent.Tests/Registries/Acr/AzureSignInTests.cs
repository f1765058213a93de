using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Omis.Agent.Core.Settings;
using Omis.Agent.Entra;
using static Omis.Agent.Tests.Registries.Asking;

namespace Omis.Agent.Tests.Registries.Acr;

/// <summary>Each way to sign in, as far as the authority or the machine's identity service sees it.</summary>
[Collection(AzureEnvironment.Name)]
public sealed class AzureSignInTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("omis-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_machines_own_identity_names_nobody_and_a_user_assigned_one_its_client_id()
    {
        await using var own = await AzureRig.StartAsync(new AzureSettings());
        await FoundAsync(own.Registry, own.Acr.Image());
        Assert.DoesNotContain("client_id", Assert.Single(own.Entra.ImdsRequests).Target, StringComparison.Ordinal);

        var assigned = AzureRig.Managed();
        await using var other = await AzureRig.StartAsync(assigned);
        await FoundAsync(other.Registry, other.Acr.Image());
        Assert.Contains($"client_id={assigned.ClientId}", Assert.Single(other.Entra.ImdsRequests).Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_principal_shows_its_secret_to_the_authority_alone()
    {
        var azure = AzureRig.Principal();
        await using var rig = await AzureRig.StartAsync(azure);
        await FoundAsync(rig.Registry, rig.Acr.Image());

        var request = Assert.Single(rig.Entra.TokenRequests);
        Assert.Equal($"/{azure.TenantId}/oauth2/v2.0/token", request.Target);
        Assert.Contains($"client_id={azure.ClientId}", request.Body, StringComparison.Ordinal);
        Assert.Contains("client_secret=planted-client-secret", request.Body, StringComparison.Ordinal);
        Assert.Contains("scope=https%3A%2F%2Fcontainerregistry.azure.net%2F.default", request.Body, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"&tenant={azure.TenantId}&", Assert.Single(rig.Acr.Exchanges).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Acr.Server.Transcript, received => received.Body.Contains("planted-client-secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pem", null)]
    [InlineData("pem", "opens-it")]
    [InlineData("pfx", null)]
    [InlineData("pfx", "opens-it")]
    public async Task A_service_principal_signs_with_a_certificate(string kind, string? password)
    {
        var azure = AzureRig.Principal() with { ClientSecret = null, CertificateFile = Certificate(kind, password), CertificatePassword = password };
        await using var rig = await AzureRig.StartAsync(azure);
        await FoundAsync(rig.Registry, rig.Acr.Image());

        Assert.Contains("client_assertion=ey", Assert.Single(rig.Entra.TokenRequests).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pem", "wrong")]
    [InlineData("pfx", "wrong")]
    [InlineData("pfx", null)]
    [InlineData("text", null)]
    public async Task A_certificate_that_cannot_be_used_is_said_by_its_file(string kind, string? password)
    {
        var azure = AzureRig.Principal() with { ClientSecret = null, CertificateFile = Certificate(kind, "opens-it"), CertificatePassword = password };
        await using var rig = await AzureRig.StartAsync(azure);

        var failed = await FailedAsync(rig.Registry, rig.Acr.Image(), Core.Naming.ReasonCode.RegistryUnauthorized);

        Assert.StartsWith($"certificateFile {azure.CertificateFile} cannot be used; expected a certificate with its private key", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workload_identity_hands_in_the_token_of_its_file()
    {
        var token = Path.Combine(_folder, "token");
        await File.WriteAllTextAsync(token, "federated.of.kubernetes", Ct);
        await using var rig = await AzureRig.StartAsync(new AzureSettings { Credential = AzureCredential.WorkloadIdentity });
        rig.Environment.Set("AZURE_CLIENT_ID", Guid.NewGuid().ToString()).Set("AZURE_TENANT_ID", Guid.NewGuid().ToString()).Set("AZURE_FEDERATED_TOKEN_FILE", token);

        await FoundAsync(rig.Registry, rig.Acr.Image());

        Assert.Contains("client_assertion=federated.of.kubernetes", Assert.Single(rig.Entra.TokenRequests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_azure_cli_is_asked_for_a_token_of_registries()
    {
        var az = Script.Write(_folder, "az", $$"""echo "$@" > {{_folder}}/asked; echo '{"accessToken":"{{EntraServer.Token}}","expiresOn":"2099-01-01 00:00:00.000000","expires_on":4070908800,"tokenType":"Bearer"}'""");
        await using var rig = await AzureRig.StartAsync(new AzureSettings { Credential = AzureCredential.AzureCli });
        rig.Environment.Set("PATH", Path.GetDirectoryName(az) + ":" + Environment.GetEnvironmentVariable("PATH"));

        await FoundAsync(rig.Registry, rig.Acr.Image());

        Assert.Contains("account get-access-token", await File.ReadAllTextAsync(Path.Combine(_folder, "asked"), Ct), StringComparison.Ordinal);
        Assert.Contains($"access_token={EntraServer.Token}", Assert.Single(rig.Acr.Exchanges).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_default_chain_takes_what_the_environment_says()
    {
        await using var rig = await AzureRig.StartAsync(new AzureSettings { Credential = AzureCredential.Default });
        rig.Environment.Set("AZURE_CLIENT_ID", Guid.NewGuid().ToString()).Set("AZURE_TENANT_ID", Guid.NewGuid().ToString()).Set("AZURE_CLIENT_SECRET", "of-the-environment");

        await FoundAsync(rig.Registry, rig.Acr.Image());

        Assert.Contains("client_secret=of-the-environment", Assert.Single(rig.Entra.TokenRequests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_tenant_does_not_know_registries_the_resource_manager_s_audience_serves()
    {
        await using var rig = await AzureRig.StartAsync(AzureRig.Principal());
        var good = rig.Entra.OnToken;
        rig.Entra.OnToken = Scripts.InOrder(Refuses("AADSTS500011"), good);

        await FoundAsync(rig.Registry, rig.Acr.Image());

        Assert.Contains("scope=https%3A%2F%2Fmanagement.azure.com%2F.default", rig.Entra.TokenRequests.Last().Body, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("x.azurecr.io", null, "https://login.microsoftonline.com/", "https://management.azure.com/.default")]
    [InlineData("x.azurecr.us", null, "https://login.microsoftonline.us/", "https://management.usgovcloudapi.net/.default")]
    [InlineData("x.azurecr.cn", null, "https://login.chinacloudapi.cn/", "https://management.chinacloudapi.cn/.default")]
    [InlineData("registry.example.com", null, "https://login.microsoftonline.com/", "https://management.azure.com/.default")]
    [InlineData("registry.example.com", AzureCloud.China, "https://login.chinacloudapi.cn/", "https://management.chinacloudapi.cn/.default")]
    [InlineData("x.azurecr.io.example.com", null, "https://login.microsoftonline.com/", "https://management.azure.com/.default")]
    public async Task Each_cloud_has_its_own_authority_and_audience(string host, AzureCloud? said, string authority, string management)
    {
        var cloud = Cloud.Of(host, said);
        Assert.Equal((authority, management), (cloud.Authority.AbsoluteUri, cloud.Management));

        using var variables = new Variables().Set("AZURE_AUTHORITY_HOST", null);
        var asked = new Asked();
        using var client = new HttpClient(asked);
        var credential = new EntraCredentials(new HttpClientTransport(client)).For(AzureRig.Principal() with { Cloud = said }, cloud);
        await Assert.ThrowsAnyAsync<AuthenticationFailedException>(async () => await credential.GetTokenAsync(new TokenRequestContext([Cloud.Registries]), Ct));

        Assert.NotEmpty(asked.Hosts);
        Assert.All(asked.Hosts, seen => Assert.Contains(seen, (string[])[new Uri(authority).Host, "login.partner.microsoftonline.cn"]));
        Assert.Equal(cloud.Name == AzureCloud.China, asked.Hosts.Contains("login.partner.microsoftonline.cn"));
    }

    private static Func<Microsoft.AspNetCore.Http.HttpContext, Task> Refuses(string number) => async context =>
    {
        context.Response.StatusCode = 400;
        context.Response.ContentType = "application/json";
        await Scripts.Json($$"""{"error":"invalid_request","error_description":"{{number}}: no"}""")(context);
    };

    private string Certificate(string kind, string? password)
    {
        var file = Path.Combine(_folder, "principal." + kind);
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=principal", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        if (kind == "pfx")
        {
            File.WriteAllBytes(file, certificate.Export(X509ContentType.Pfx, password));
        }
        else
        {
            var pem = password is null ? key.ExportPkcs8PrivateKeyPem() : key.ExportEncryptedPkcs8PrivateKeyPem(password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
            File.WriteAllText(file, kind == "text" ? "not a certificate" : certificate.ExportCertificatePem() + "\n" + pem);
        }

        return file;
    }

    /// <summary>Refuses everybody and remembers which host they wanted.</summary>
    private sealed class Asked : HttpMessageHandler
    {
        public List<string> Hosts { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Hosts.Add(request.RequestUri!.Host);
            return Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.BadRequest) { Content = new StringContent("{\"error\":\"invalid_client\"}") });
        }
    }
}
