using System.Text;
using System.Text.Json.Nodes;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Settings;
using Omis.Agent.Entra;
using Omis.Agent.Notifiers.AzureDevOps;
using Omis.Agent.Testing;
using Omis.Agent.Tests.Registries.Acr;
using static Omis.Agent.Tests.Notifiers.Notifying;

namespace Omis.Agent.Tests.Notifiers;

/// <summary>Against a server that takes and gives what is documented at learn.microsoft.com/rest/api/azure/devops/git/statuses (7.1).</summary>
[Collection(AzureEnvironment.Name)]
public sealed class AzureDevOpsTests
{
    private const string Repo = "https://127.0.0.1/acme/My%20Shop/_git/app";
    private const string Statuses = $"/acme/My%20Shop/_apis/git/repositories/app/commits/{SourceOf.One}/statuses";

    [Fact]
    public async Task A_commit_has_the_states_of_its_rollout()
    {
        var devops = new Judge();
        await using var server = await ChannelServer.StartAsync(devops.Answer);
        var channel = Pat(server).With("logUrl", "https://logs.example.com/{rollout}").With("environment", "{project}/{host}");

        await AcceptedAsync(channel, Of(null, "01J", ("api", Repo, SourceOf.One), ("web", Repo, SourceOf.One)));
        await AcceptedAsync(channel, Of(Outcome.Reverted, "01J", ("api", Repo, SourceOf.One), ("web", Repo, SourceOf.One)));
        await AcceptedAsync(channel, Of(Outcome.Stuck, "01K", ("api", Repo, SourceOf.One)));
        await AcceptedAsync(channel, Of(Outcome.Committed, "01L", ("api", Repo, SourceOf.One)));

        Assert.Equal(["pending", "failed", "error", "succeeded"], devops.Told.Select(status => Text(status, "state")));
        Assert.Equal("shop on vm1: update REVERTED (probeFailed); api, web (01J)", Text(devops.Told[1], "description"));
        Assert.Equal(("shop/vm1", "omis-agent", "https://logs.example.com/01J"), (Text(devops.Told[1]["context"]!, "name"), Text(devops.Told[1]["context"]!, "genre"), Text(devops.Told[1], "targetUrl")));
        Assert.All(server.Posts, posted => Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(":" + Planted)), posted.Header("Authorization")));
        Assert.Equal([$"GET {Statuses}?latestOnly=true&api-version=7.1", $"POST {Statuses}?api-version=7.1"], server.Posts[..2].Select(posted => $"{posted.Method} {posted.Target}"));
    }

    [Fact]
    public async Task A_lost_answer_makes_no_second_status_and_the_next_rollout_of_the_commit_does()
    {
        var (devops, lost) = (new Judge(), 0);
        await using var server = await ChannelServer.StartAsync((posted, count) => devops.Answer(posted, count) is var reply && posted.Method == "POST" && lost++ == 0 ? new Reply(0) : reply);
        using var desk = new Desk(Pat(server));

        Assert.IsType<Delivery.Away>(await desk.SendAsync(Of(Outcome.Committed, "01J", ("api", Repo, SourceOf.One))));
        Assert.IsType<Delivery.Accepted>(await desk.SendAsync(Of(Outcome.Committed, "01J", ("api", Repo, SourceOf.One))));
        Assert.Single(devops.Told);
        Assert.IsType<Delivery.Accepted>(await desk.SendAsync(Of(Outcome.Committed, "01K", ("api", Repo, SourceOf.One))));
        Assert.Equal(2, devops.Told.Count);
    }

    [Theory]
    [InlineData(203, null, false, "203 (it does not take the token")]
    [InlineData(302, null, false, "302 (it does not take the token")]
    [InlineData(401, null, false, "401 (it does not take the token")]
    [InlineData(403, null, false, "403 (My Shop/app: this is not permitted; it needs Code (status)")]
    [InlineData(404, null, false, "404 (My Shop/app: the repository or the commit is not there")]
    [InlineData(429, "30", true, "429")]
    [InlineData(503, null, true, "503")]
    public async Task What_may_pass_is_told_from_what_may_not(int status, string? retryAfter, bool away, string problem)
    {
        await using var server = await ChannelServer.StartAsync((_, _) => new Reply(status, $"<html>{Planted}", retryAfter));

        var delivery = await SendAsync(Pat(server), Of(Outcome.Committed, "01J", ("api", Repo, SourceOf.One)));

        Assert.Equal((away, retryAfter is null ? null : TimeSpan.FromSeconds(30)), (delivery is Delivery.Away, (delivery as Delivery.Away)?.RetryAfter));
        Assert.StartsWith(problem, Problem(delivery), StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, delivery.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://dev.azure.com/acme", "https://dev.azure.com/acme/shop/_git/app", "shop/app")]
    [InlineData("https://dev.azure.com/acme/", "https://acme@dev.azure.com/ACME/shop/_git/app?path=/", "shop/app")]
    [InlineData("https://dev.azure.com/acme", "https://acme.visualstudio.com/shop/_git/app", "shop/app")]
    [InlineData("https://acme.visualstudio.com", "https://dev.azure.com/acme/shop/_git/app", "shop/app")]
    [InlineData("https://dev.azure.com/acme", "https://acme.visualstudio.com/DefaultCollection/shop/_git/app", "shop/app")]
    [InlineData("https://dev.azure.com/acme", "https://dev.azure.com/acme/_git/shop", "shop/shop")]
    [InlineData("https://dev.azure.com/acme", "https://dev.azure.com/acme/My%20Shop/_git/app", "My Shop/app")]
    [InlineData("https://tfs.example.com/tfs/Main", "https://tfs.example.com/tfs/main/shop/_git/app", "shop/app")]
    [InlineData("https://dev.azure.com/acme", "https://dev.azure.com/other/shop/_git/app", null)]
    [InlineData("https://dev.azure.com/acme", "https://other.visualstudio.com/shop/_git/app", null)]
    [InlineData("https://dev.azure.com/acme", "https://github.com/acme/shop", null)]
    [InlineData("https://dev.azure.com/acme", "https://dev.azure.com/acme/shop/_wiki/app", null)]
    [InlineData("https://tfs.example.com/tfs/Main", "https://tfs.example.com/tfs/Other/shop/_git/app", null)]
    public void A_repository_is_known_by_each_of_its_addresses(string organization, string source, string? repository) =>
        Assert.Equal(repository, AzureSite.Of(new Uri(organization)).Repository(new Uri(source))?.ToString());

    [Theory]
    [InlineData("https://acme.visualstudio.com/", "https://dev.azure.com/acme/")]
    [InlineData("https://dev.azure.com/acme", "https://dev.azure.com/acme/")]
    [InlineData("https://tfs.example.com/tfs/Main", "https://tfs.example.com/tfs/Main/")]
    public void The_API_is_below_the_organization(string organization, string api) => Assert.Equal(api, AzureSite.Of(new Uri(organization)).Api.AbsoluteUri);

    [Fact]
    public async Task What_names_no_commit_of_the_organization_is_passed_over()
    {
        await using var server = await ChannelServer.StartAsync((_, _) => new Reply(500));

        await AcceptedAsync(Pat(server), Of(Outcome.Committed, "01J", ("a", "https://127.0.0.1/other/shop/_git/app", SourceOf.One), ("b", Repo, "1111111"), ("c", "https://github.com/acme/shop", SourceOf.One)));

        Assert.Empty(server.Posts);
    }

    [Fact]
    public async Task Entra_is_asked_for_Azure_DevOps_own_audience_once_and_again_where_the_token_is_not_taken()
    {
        await using var entra = await EntraServer.StartAsync();
        using var environment = new Variables().Set("AZURE_AUTHORITY_HOST", entra.Authority.Url);
        var (devops, refused) = (new Judge(), 0);
        await using var server = await ChannelServer.StartAsync((posted, count) => posted.Header("Authorization") == "Bearer " + EntraServer.Token && (count != 2 || refused++ > 0) ? devops.Answer(posted, count) : new Reply(401));
        using var desk = new Desk(Site(server) with { Azure = AzureRig.Principal() }, new SignIn(new EntraCredentials(entra.Transport), TimeProvider.System));

        Assert.IsType<Delivery.Accepted>(await desk.SendAsync(Of(null, "01J", ("api", Repo, SourceOf.One))));
        Assert.IsType<Delivery.Accepted>(await desk.SendAsync(Of(Outcome.Committed, "01J", ("api", Repo, SourceOf.One))));

        Assert.Equal(["pending", "succeeded"], devops.Told.Select(status => Text(status, "state")));
        Assert.All(entra.TokenRequests, asked => Assert.Contains("scope=499b84ac-1321-427f-aa17-267ca6975798%2F.default", asked.Body, StringComparison.Ordinal));
        Assert.NotEmpty(entra.TokenRequests);
    }

    [Fact]
    public async Task Where_Entra_gives_no_token_the_step_is_named()
    {
        await using var entra = await EntraServer.StartAsync();
        using var environment = new Variables().Set("AZURE_AUTHORITY_HOST", entra.Authority.Url);
        entra.OnToken = Tests.Registries.Scripts.Status(500);
        await using var server = await ChannelServer.StartAsync();
        using var desk = new Desk(Site(server) with { Azure = AzureRig.Principal() }, new SignIn(new EntraCredentials(entra.Transport), TimeProvider.System));

        var delivery = await desk.SendAsync(Of(Outcome.Committed, "01J", ("api", Repo, SourceOf.One)));

        Assert.StartsWith("signing in to Azure as service principal", Problem(delivery), StringComparison.Ordinal);
        Assert.Empty(server.Posts);
    }

    [Fact]
    public async Task A_test_asks_who_it_is_and_leaves_nothing()
    {
        await using var server = await ChannelServer.StartAsync((_, _) => new Reply(Body: "{}"));

        await AcceptedAsync(Pat(server), Words.Of(new Notice.Test("1", Some.Moment)));

        Assert.Equal(["GET /acme/_apis/connectionData?api-version=7.1"], server.Posts.Select(posted => $"{posted.Method} {posted.Target}"));
    }

    private static ChannelSettings Site(ChannelServer server) => new ChannelSettings { Kind = "azureDevOps", Name = "devops" }.With("organizationUrl", server.Url + "/acme");

    private static ChannelSettings Pat(ChannelServer server) => Site(server) with { Secret = Planted };

    private static async Task AcceptedAsync(ChannelSettings channel, Message message) => Assert.IsType<Delivery.Accepted>(await SendAsync(channel, message));

    private static string? Text(JsonNode node, string name) => node[name]?.GetValue<string>();

    /// <summary>Keeps what it is told, and refuses what the real one refuses.</summary>
    private sealed class Judge
    {
        public List<JsonObject> Told { get; } = [];

        public Reply Answer(Posted posted, int count)
        {
            if (!posted.Target.StartsWith(Statuses, StringComparison.Ordinal) || !posted.Target.EndsWith("api-version=7.1", StringComparison.Ordinal) || posted.Header("Accept") != "application/json")
            {
                return new Reply(404);
            }

            if (posted.Method == "GET")
            {
                // The latest of each context, in the order in which they came.
                var latest = Told.GroupBy(status => status["context"]!.ToJsonString()).Select(statuses => (JsonNode)statuses.Last().DeepClone()).ToArray();
                return new Reply(Body: new JsonObject { ["count"] = latest.Length, ["value"] = new JsonArray(latest) }.ToJsonString());
            }

            var status = JsonNode.Parse(posted.Body)!.AsObject();
            var right = Text(status, "state") is "notSet" or "pending" or "succeeded" or "failed" or "error" or "notApplicable" or "partiallySucceeded"
                && status["context"] is JsonObject context && Text(context, "name") is { Length: > 0 } && Text(context, "genre") is { Length: > 0 }
                && Text(status, "description") is { Length: > 0 and <= 140 }
                && (status["targetUrl"] is null || Uri.TryCreate(Text(status, "targetUrl"), UriKind.Absolute, out _));
            if (!right)
            {
                return new Reply(400);
            }

            Told.Add(status);
            return new Reply(201, status.ToJsonString());
        }
    }
}
