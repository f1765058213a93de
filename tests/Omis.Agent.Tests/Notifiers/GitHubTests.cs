using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Settings;
using Omis.Agent.Notifiers.GitHub;
using Omis.Agent.Testing;
using Omis.Agent.Tests.Commands;
using static Omis.Agent.Tests.Notifiers.Notifying;

namespace Omis.Agent.Tests.Notifiers;

public sealed class GitHubTests
{
    private const string Shop = "https://127.0.0.1/acme/shop";

    [Fact]
    public async Task A_commit_becomes_one_deployment_whose_states_follow_the_rollout()
    {
        await using var github = await GitHubServer.StartAsync();
        var channel = Channel(github).With("logUrl", "https://logs.example.com/{project}?id={rollout}").With("environment", "production");

        await AcceptedAsync(channel, Of(null, "01J", ("api", Shop + ".git", SourceOf.One), ("web", "https://127.0.0.1/Acme/Shop/", SourceOf.One)));
        await AcceptedAsync(channel, Of(Outcome.Committed, "01J", ("api", Shop, SourceOf.One), ("web", Shop, SourceOf.One)));

        var deployment = Assert.Single(github.Deployments);
        Assert.Equal(["in_progress", "success"], github.States());
        Assert.Equal((SourceOf.One, "production", true, "shop on vm1: api, web"), (Text(deployment, "ref"), Text(deployment, "environment"), deployment["production_environment"]!.GetValue<bool>(), Text(deployment, "description")));
        Assert.Equal("""{"agent":"omis-agent","rollout":"01J","host":"vm1","project":"shop","services":["api","web"]}""", deployment["payload"]!.ToJsonString());
        var status = deployment["_statuses"]![1]!;
        Assert.Equal(("https://logs.example.com/shop?id=01J", "shop on vm1: updated, healthy; api, web", "production"), (Text(status, "log_url"), Text(status, "description"), Text(status, "environment")));
    }

    [Fact]
    public async Task Services_of_different_commits_or_repositories_have_deployments_of_their_own()
    {
        await using var github = await GitHubServer.StartAsync();

        await AcceptedAsync(Channel(github), Of(Outcome.Committed, "01J", ("api", Shop, SourceOf.One), ("web", Shop, SourceOf.Two), ("tool", "https://127.0.0.1/acme/tools", SourceOf.One)));

        Assert.Equal([("acme/shop", SourceOf.One), ("acme/shop", SourceOf.Two), ("acme/tools", SourceOf.One)], github.Deployments.Select(one => (Text(one, "_repository"), Text(one, "sha"))));
        Assert.All(Enumerable.Range(0, 3), index => Assert.Equal(["success"], github.States(index)));
    }

    [Theory]
    [InlineData(Outcome.Reverted, "failure", "shop on vm1: update REVERTED (probeFailed); api")]
    [InlineData(Outcome.Stuck, "error", "shop on vm1: STUCK, needs a person (probeFailed); api")]
    [InlineData(Outcome.Failed, "error", "shop on vm1: update failed, nothing touched (probeFailed); api")]
    [InlineData(Outcome.Refused, "error", "shop on vm1: update failed, nothing touched (probeFailed); api")]
    public async Task What_did_not_end_well_never_looks_like_success_and_tells_the_world_no_more_than_the_kind_of_reason(Outcome outcome, string state, string description)
    {
        await using var github = await GitHubServer.StartAsync();

        await AcceptedAsync(Channel(github), Of(outcome, "01J", ("api", Shop, SourceOf.One)));

        Assert.Equal([state], github.States());
        Assert.Equal(description, Text(github.Deployments[0]["_statuses"]![0]!, "description"));
        Assert.Empty(github.Issues);
    }

    [Fact]
    public async Task A_stuck_rollout_that_is_mended_is_the_same_deployment()
    {
        await using var github = await GitHubServer.StartAsync();
        var stuck = Of(Outcome.Stuck, "01J", ("api", Shop, SourceOf.One));
        var mended = ((Notice.Ended)Of(Outcome.Reverted, "01Z", ("api", Shop, SourceOf.One)).Notice) with { Of = "01J" };

        await AcceptedAsync(Channel(github), stuck);
        await AcceptedAsync(Channel(github), Words.Of(mended));

        Assert.Single(github.Deployments);
        Assert.Equal(["error", "failure"], github.States());
    }

    [Theory]
    [InlineData("deployments")]
    [InlineData("statuses")]
    public async Task A_lost_answer_makes_nothing_twice(string path)
    {
        await using var github = await GitHubServer.StartAsync();
        var lost = 0;
        github.Loses = posted => posted.Method == "POST" && posted.Target.EndsWith(path, StringComparison.Ordinal) && lost++ == 0;
        using var desk = new Desk(Channel(github));
        var message = Of(Outcome.Committed, "01J", ("api", Shop, SourceOf.One));

        Assert.IsType<Delivery.Away>(await desk.SendAsync(message));
        Assert.IsType<Delivery.Accepted>(await desk.SendAsync(message));
        Assert.IsType<Delivery.Accepted>(await desk.SendAsync(message));

        Assert.Single(github.Deployments);
        Assert.Equal(["success"], github.States());
    }

    [Fact]
    public async Task The_same_commit_in_another_rollout_is_another_deployment()
    {
        await using var github = await GitHubServer.StartAsync();

        await AcceptedAsync(Channel(github), Of(Outcome.Reverted, "01J", ("api", Shop, SourceOf.One)));
        await AcceptedAsync(Channel(github), Of(Outcome.Committed, "01K", ("api", Shop, SourceOf.One)));

        Assert.Equal(["failure"], github.States(0));
        Assert.Equal(["success"], github.States(1));
    }

    [Fact]
    public async Task What_is_replaced_becomes_inactive_once_none_of_its_services_runs_here_any_more()
    {
        await using var github = await GitHubServer.StartAsync();
        github.Deployed("01A", SourceOf.One, "vm1", "shop", "success", "api", "web");
        github.Deployed("01B", SourceOf.One, "vm2", "shop", "success", "api");
        github.Deployed("01C", SourceOf.One, "vm1", "shop", "failure", "api");

        await AcceptedAsync(Channel(github), Of(Outcome.Committed, "01D", ("api", Shop, SourceOf.Two)));
        Assert.Equal(["success"], github.States(0));
        await AcceptedAsync(Channel(github), Of(Outcome.Committed, "01E", ("web", Shop, SourceOf.Two)));

        Assert.Equal(["success", "inactive"], github.States(0));
        Assert.Equal(["success"], github.States(1));
        Assert.Equal(["failure"], github.States(2));
        Assert.Equal(["success"], github.States(3));
        Assert.Equal(["success"], github.States(4));
    }

    [Theory]
    [InlineData("https://github.com/acme/shop", SourceOf.One)]
    [InlineData("https://127.0.0.1/docker-library/postgres.git#abc:17", SourceOf.One)]
    [InlineData("https://127.0.0.1/acme", SourceOf.One)]
    [InlineData("git@127.0.0.1:acme/shop", SourceOf.One)]
    [InlineData("not an address", SourceOf.One)]
    [InlineData(Shop, null)]
    [InlineData(Shop, "v1.3.0")]
    [InlineData(Shop, "1111111")]
    public async Task What_names_no_commit_of_a_repository_that_is_told_is_passed_over(string source, string? revision)
    {
        await using var github = await GitHubServer.StartAsync();

        await AcceptedAsync(Channel(github), Of(Outcome.Reverted, "01J", ("api", source, revision)));

        Assert.Empty(github.Posts);
    }

    [Fact]
    public async Task One_repository_that_cannot_be_told_does_not_keep_it_from_another()
    {
        await using var github = await GitHubServer.StartAsync();

        var delivery = await SendAsync(Channel(github), Of(Outcome.Committed, "01J", ("gone", "https://127.0.0.1/acme/gone", SourceOf.One), ("api", Shop, SourceOf.One)));

        Assert.Equal("404 (acme/gone: it is not there, or the token or app has no access to it)", Assert.IsType<Delivery.Rejected>(delivery).Problem);
        Assert.Equal(["success"], github.States());
    }

    [Fact]
    public async Task An_app_signs_for_itself_and_keeps_its_installations_token_until_shortly_before_the_end()
    {
        await using var github = await GitHubServer.StartAsync();
        using var desk = new Desk(App(github));

        await desk.SendAsync(Of(null, "01J", ("api", Shop, SourceOf.One), ("tool", "https://127.0.0.1/acme/tools", SourceOf.One)));
        desk.Time.Advance(TimeSpan.FromMinutes(54));
        await desk.SendAsync(Of(Outcome.Committed, "01J", ("api", Shop, SourceOf.One)));
        Assert.Single(Tokens(github));
        desk.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.IsType<Delivery.Accepted>(await desk.SendAsync(Of(null, "01K", ("api", Shop, SourceOf.One))));

        Assert.Equal(["POST app/installations/71/access_tokens", "POST app/installations/71/access_tokens"], Tokens(github));
        Assert.Equal(2, github.Requests.Count(request => request.EndsWith("/installation", StringComparison.Ordinal)));
        Assert.Equal(["in_progress", "success"], github.States());
    }

    [Fact]
    public async Task An_installation_that_is_given_is_not_asked_for_and_a_token_that_ended_early_is_renewed_once()
    {
        await using var github = await GitHubServer.StartAsync();
        using var desk = new Desk(App(github).With("installationId", "71"));
        await desk.SendAsync(Of(null, "01J", ("api", Shop, SourceOf.One)));
        github.Ended.Add(GitHubServer.Installed + "1");

        Assert.IsType<Delivery.Accepted>(await desk.SendAsync(Of(Outcome.Committed, "01J", ("api", Shop, SourceOf.One))));

        Assert.DoesNotContain(github.Requests, request => request.EndsWith("/installation", StringComparison.Ordinal));
        Assert.Equal(2, Tokens(github).Count());
        Assert.Equal(["in_progress", "success"], github.States());
    }

    [Fact]
    public async Task Where_an_app_is_not_installed_nothing_is_told_unless_the_config_names_the_repository()
    {
        await using var github = await GitHubServer.StartAsync();
        var postgres = Of(Outcome.Committed, "01J", ("db", "https://127.0.0.1/docker-library/postgres.git", SourceOf.One));

        Assert.IsType<Delivery.Accepted>(await SendAsync(App(github), postgres));
        Assert.Equal("404 (docker-library/postgres: the app is not installed there)", Problem(await SendAsync(App(github).With("repositories", "docker-library/*"), postgres)));

        Assert.Empty(github.Writes);
    }

    [Theory]
    [InlineData(401, "", null, null, false, "401 (it does not take the token or the app's signature; see that they are current, and that this machine's clock is right)", null)]
    [InlineData(403, "Resource not accessible by personal access token", null, null, false, "403 (acme/shop: this is not permitted; it needs deployments: write, and issues: write for issueOnRevert)", null)]
    [InlineData(404, "Not Found", null, null, false, "404 (acme/shop: it is not there, or the token or app has no access to it)", null)]
    [InlineData(422, "No ref found", null, null, false, "422 (acme/shop: it does not take what was sent; most often the commit is not in that repository)", null)]
    [InlineData(301, "Moved Permanently", null, null, false, "301 (acme/shop: it has another name now; see org.opencontainers.image.source in the image)", null)]
    [InlineData(429, "", "30", null, true, "429 (its limit of requests)", 30)]
    [InlineData(403, "You have exceeded a secondary rate limit", "45", null, true, "403 (its limit of requests)", 45)]
    [InlineData(403, "You have exceeded a secondary rate limit", null, null, true, "403 (its limit of requests)", 60)]
    [InlineData(403, "API rate limit exceeded", null, 120, true, "403 (its limit of requests)", 120)]
    [InlineData(502, "", null, null, true, "502", null)]
    public async Task What_may_pass_is_told_from_what_may_not(int status, string body, string? retryAfter, int? reset, bool away, string problem, int? wait)
    {
        await using var github = await GitHubServer.StartAsync();
        ImmutableArray<(string, string)> headers = reset is { } seconds ? [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", $"{Some.Moment.AddSeconds(seconds).ToUnixTimeSeconds()}")] : [];
        github.Before = _ => new Reply(status, $$"""{"message":"{{body}} {{Planted}}"}""", retryAfter, headers);

        var delivery = await SendAsync(Channel(github), Of(Outcome.Committed, "01J", ("api", Shop, SourceOf.One)));

        Assert.Equal((away, problem), (delivery is Delivery.Away, Problem(delivery)));
        Assert.Equal(wait is { } after ? TimeSpan.FromSeconds(after) : null, (delivery as Delivery.Away)?.RetryAfter);
    }

    [Fact]
    public async Task An_issue_has_the_evidence_once_and_what_a_container_said_can_call_nobody()
    {
        await using var github = await GitHubServer.StartAsync();
        var lost = 0;
        github.Loses = posted => posted.Method == "POST" && posted.Target.EndsWith("/issues", StringComparison.Ordinal) && lost++ == 0;
        using var desk = new Desk(Channel(github).With("issueOnRevert", "true"));
        var message = Of(Outcome.Reverted, "01J", ("api", Shop, SourceOf.One), ("web", "https://127.0.0.1/acme/tools", SourceOf.One));

        Assert.IsType<Delivery.Away>(await desk.SendAsync(message));
        Assert.IsType<Delivery.Accepted>(await desk.SendAsync(message));
        Assert.IsType<Delivery.Accepted>(await desk.SendAsync(Of(Outcome.Committed, "01K", ("api", Shop, SourceOf.One))));

        var issue = Assert.Single(github.Issues);
        Assert.Equal(("acme/tools", "shop on vm1: update REVERTED"), (Text(issue, "_repository"), Text(issue, "title")));
        var body = Text(issue, "body")!;
        Assert.Contains("Why: GET http://127.0.0.1:5000/api/health: 500", body, StringComparison.Ordinal);
        Assert.Contains("Next: omis-agent history --id 01J", body, StringComparison.Ordinal);
        Assert.Contains("`````text\napi: the key is ***\napi: @everyone ```` look\nweb: the key is ***\nweb: @everyone ```` look\n`````", body, StringComparison.Ordinal);
        Assert.EndsWith("<!-- omis-agent rollout=01J -->", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_largest_evidence_still_fits()
    {
        await using var github = await GitHubServer.StartAsync();
        var notice = (Notice.Ended)Huge().Notice;
        var steps = notice.Record.Steps.Select(step => step with { ToOrigin = new ImageOrigin(null, SourceOf.One, Shop) });

        await AcceptedAsync(Channel(github).With("issueOnRevert", "true"), Words.Of(notice with { Record = notice.Record with { Steps = [.. steps] } }));

        Assert.Single(github.Issues);
    }

    [Fact]
    public async Task A_test_leaves_nothing_in_anybodys_repository_and_tells_a_bad_token()
    {
        await using var github = await GitHubServer.StartAsync();
        var test = Words.Of(new Notice.Test("1", Some.Moment));

        await AcceptedAsync(Channel(github).With("repositories", "acme/shop, other/*"), test);
        await AcceptedAsync(App(github), test);
        Assert.Equal(["GET rate_limit", "GET repos/acme/shop/deployments", "GET app"], github.Requests);
        Assert.StartsWith("401", Problem(await SendAsync(Channel(github) with { Secret = "other" }, test)), StringComparison.Ordinal);
        Assert.StartsWith("404 (acme/gone", Problem(await SendAsync(Channel(github).With("repositories", "acme/gone"), test)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_rollout_is_told_through_the_outbox_and_no_secret_gets_anywhere()
    {
        await using var github = await GitHubServer.StartAsync();
        using var cli = new Cli();
        await File.WriteAllTextAsync(Path.Combine(cli.Folder, "github-token"), Planted + "\n", Ct);
        cli.WithUpdate().WithSick().Config($$""", "notify": { "host": "vm1", "github": [ { "tokenFile": "github-token", "repositories": "acme/*", "apiUrl": "{{github.Api}}", "issueOnRevert": true } ] }""");
        cli.Target.Origins["backend"] = new ImageOrigin("1.3.0", SourceOf.One, Shop);
        cli.Target.Evidence = new Evidence(1, [$"login with {Planted} failed"]);

        var said = await cli.RunAsync("run", "--once", "--json");

        Assert.Equal(["in_progress", "failure"], github.States());
        Assert.Contains("login with *** failed", Text(Assert.Single(github.Issues), "body"), StringComparison.Ordinal);
        Assert.False((await cli.RunAsync("status", "--json")).Json.TryGetProperty("notices", out _));
        Assert.All(github.Posts, posted => Assert.DoesNotContain(Planted, posted.Body + posted.Target, StringComparison.Ordinal));
        Assert.All(github.Posts, posted => Assert.Equal("Bearer " + Planted, posted.Header("Authorization")));
        Assert.DoesNotContain(Planted, said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://api.github.com", "github.com")]
    [InlineData("https://api.acme.ghe.com/", "acme.ghe.com")]
    [InlineData("https://github.example.com/api/v3", "github.example.com")]
    [InlineData("https://api.example.com/api/v3", "api.example.com")]
    public void The_API_tells_the_host_that_images_name(string api, string host) => Assert.Equal(host, GitHubSite.Of(api).Host);

    private static ChannelSettings Channel(GitHubServer github) => new ChannelSettings { Kind = "github", Name = "github", Secret = Planted }.With("repositories", "acme/*").With("apiUrl", github.Api);

    private static ChannelSettings App(GitHubServer github) => new ChannelSettings { Kind = "github", Name = "github", Secret = github.PrivateKey }.With("appId", "4711").With("apiUrl", github.Api);

    private static IEnumerable<string> Tokens(GitHubServer github) => github.Requests.Where(request => request.EndsWith("access_tokens", StringComparison.Ordinal));

    private static async Task AcceptedAsync(ChannelSettings channel, Message message) => Assert.IsType<Delivery.Accepted>(await SendAsync(channel, message));

    private static string? Text(JsonNode node, string name) => node[name]?.GetValue<string>();
}
