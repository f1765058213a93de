using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Registries.Credentials;
using static Omis.Agent.Tests.Registries.Asking;

namespace Omis.Agent.Tests.Registries.Acr;

/// <summary>How often Azure and its registries are asked, and with what.</summary>
[Collection(AzureEnvironment.Name)]
public sealed class AzureTokenTests
{
    [Fact]
    public async Task A_managed_identity_signs_in_exchanges_once_and_gets_one_token_a_repository_however_often_it_asks()
    {
        await using var rig = await AzureRig.StartAsync();
        for (var cycle = 0; cycle < 5; cycle++)
        {
            await FoundAsync(rig.Registry, rig.Acr.Image("a:1"));
            await FoundAsync(rig.Registry, rig.Acr.Image("b:1"));
            rig.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.Equal((1, 1, 2), (rig.Entra.ImdsRequests.Count(), rig.Acr.Exchanges.Length, rig.Acr.Tokens.Length));

        // Two without a token, since that is how each repository's scope is learnt.
        Assert.Equal(10 + 2, rig.Acr.Heads);
    }

    [Fact]
    public async Task The_exchange_and_the_token_are_asked_for_as_azure_has_it()
    {
        await using var rig = await AzureRig.StartAsync();
        await FoundAsync(rig.Registry, rig.Acr.Image());

        var service = Uri.EscapeDataString(rig.Acr.Name);
        Assert.Equal($"grant_type=access_token&service={service}&access_token={EntraServer.Token}", Assert.Single(rig.Acr.Exchanges).Body);
        Assert.Equal(
            $"grant_type=refresh_token&client_id=omis-agent&service={service}&scope=repository%3Aomis-pc%2Fbackend%3Apull&refresh_token={AcrServer.RefreshToken(1)}",
            Assert.Single(rig.Acr.Tokens).Body);
        Assert.Equal($"Bearer {AcrServer.AccessToken(1)}", rig.Acr.Server.Transcript[^1].Authorization);
        Assert.Contains("resource=https://containerregistry.azure.net", Uri.UnescapeDataString(Assert.Single(rig.Entra.ImdsRequests).Target), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Many_who_ask_at_once_sign_in_once()
    {
        await using var rig = await AzureRig.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => FoundAsync(rig.Registry, rig.Acr.Image($"app-{number % 4}:1"))));

        Assert.Equal((1, 1, 4), (rig.Entra.ImdsRequests.Count(), rig.Acr.Exchanges.Length, rig.Acr.Tokens.Length));
    }

    [Fact]
    public async Task An_access_token_is_renewed_near_its_end_and_the_refresh_token_near_its_own()
    {
        await using var rig = await AzureRig.StartAsync();
        await FoundAsync(rig.Registry, rig.Acr.Image());

        rig.Clock.Advance(TimeSpan.FromMinutes(73));
        await FoundAsync(rig.Registry, rig.Acr.Image());
        Assert.Equal((1, 1), (rig.Acr.Exchanges.Length, rig.Acr.Tokens.Length));

        rig.Clock.Advance(TimeSpan.FromMinutes(2));
        await FoundAsync(rig.Registry, rig.Acr.Image());
        Assert.Equal((1, 2), (rig.Acr.Exchanges.Length, rig.Acr.Tokens.Length));

        rig.Clock.Advance(TimeSpan.FromMinutes(105));
        await FoundAsync(rig.Registry, rig.Acr.Image());
        Assert.Equal((2, 3), (rig.Acr.Exchanges.Length, rig.Acr.Tokens.Length));
    }

    [Fact]
    public async Task A_refresh_token_that_is_refused_is_exchanged_anew_the_next_time()
    {
        await using var rig = await AzureRig.StartAsync();
        rig.Acr.OnToken = Scripts.Status(401);
        await FailedAsync(rig.Registry, rig.Acr.Image(), ReasonCode.RegistryUnauthorized);
        rig.Acr.OnToken = null;

        await FoundAsync(rig.Registry, rig.Acr.Image());

        Assert.Equal(2, rig.Acr.Exchanges.Length);
        Assert.Contains(AcrServer.RefreshToken(2), rig.Acr.Tokens[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_engine_pulls_with_the_same_refresh_token_and_costs_no_exchange_of_its_own()
    {
        await using var rig = await AzureRig.StartAsync();
        await FoundAsync(rig.Registry, rig.Acr.Image());

        var config = EngineAuth.Config(rig.Acr.Name, await rig.Credentials.ForAsync(rig.Acr.Name, Ct))!;

        Assert.Equal((AcrServer.RefreshToken(1), rig.Acr.Name, null), (config.IdentityToken, config.ServerAddress, config.Password));
        Assert.Single(rig.Acr.Exchanges);
    }

    [Theory]
    [InlineData("admin", AcrServer.AdminPassword)]
    public async Task An_admin_user_or_a_token_of_one_repository_needs_no_exchange(string username, string password)
    {
        await using var acr = await AcrServer.StartAsync();
        using var registry = Registry(registries: (acr.Name, Login(username, password)));

        await FoundAsync(registry, acr.Image());

        Assert.Equal($"GET /oauth2/token?service={Uri.EscapeDataString(acr.Name)}&scope=repository%3Aomis-pc%2Fbackend%3Apull", Assert.Single(acr.Tokens).ToString());
        Assert.Empty(acr.Exchanges);
    }

    [Fact]
    public async Task A_registry_without_azure_in_the_config_is_none_of_ours()
    {
        await using var rig = await AzureRig.StartAsync();
        Assert.Null(await rig.Credentials.ForAsync("someone.azurecr.io", Ct));
        Assert.Empty(rig.Entra.ImdsRequests);
    }

    [Fact]
    public async Task A_data_endpoint_gets_no_credential()
    {
        await using var endpoint = await ScriptedServer.StartAsync(Scripts.Found);
        await using var rig = await AzureRig.StartAsync();
        rig.Acr.OnManifest = Scripts.Redirect($"{endpoint.Url}/v2/omis-pc/backend/manifests/latest");

        await FoundAsync(rig.Registry, rig.Acr.Image());

        Assert.Null(Assert.Single(endpoint.Transcript).Authorization);
    }

    [Fact]
    public async Task An_identity_service_that_does_not_answer_holds_up_no_other_registry_and_ends_in_time()
    {
        await using var other = await ScriptedServer.StartAsync(Scripts.Found);
        await using var rig = await AzureRig.StartAsync();
        rig.Entra.OnImds = Scripts.Stall;

        var waiting = rig.Registry.LatestAsync(rig.Acr.Image(), Ct);
        await rig.Entra.ImdsAskedAsync();
        await FoundAsync(rig.Registry, App(other));
        Assert.False(waiting.IsCompleted);

        rig.Clock.Advance(TimeSpan.FromSeconds(8));
        var failed = Assert.IsType<RegistryAnswer.Failed>(await waiting);
        Assert.Equal(ReasonCode.RegistryUnavailable, failed.Code);
        Assert.Contains("the machine's identity service (IMDS) did not answer within 8 s", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_repeated_for_a_while_instead_of_signing_in_for_each_image()
    {
        await using var rig = await AzureRig.StartAsync();
        rig.Acr.OnExchange = Scripts.Status(401);
        for (var image = 0; image < 5; image++)
        {
            await FailedAsync(rig.Registry, rig.Acr.Image($"app-{image}:1"), ReasonCode.RegistryUnauthorized);
        }

        Assert.Single(rig.Acr.Exchanges);

        rig.Acr.OnExchange = null;
        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        await FoundAsync(rig.Registry, rig.Acr.Image());
    }
}
