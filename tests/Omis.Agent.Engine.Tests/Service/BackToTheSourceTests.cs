using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Omis.Agent.Engine.Tests.Rollouts;
using Omis.Agent.Testing;

namespace Omis.Agent.Engine.Tests.Service;

/// <summary>From the labels of real images to what a forge is told by the built program, which signs as an app.</summary>
public sealed class BackToTheSourceTests
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly List<JsonObject> deployments = [];
    private readonly List<string> states = [];

    [Fact]
    public async Task A_commit_hears_of_its_rollout_and_a_base_images_does_not()
    {
        await using var forge = await ChannelServer.StartAsync((posted, _) => Answer(posted));
        await using var stack = await Stacks.UpAsync(["api", "web"]);
        await using var home = stack.Agent();
        using var key = RSA.Create(2048);
        await File.WriteAllTextAsync(Path.Combine(home.Folder, "app.pem"), key.ExportRSAPrivateKeyPem());
        home.Configure(Rules.Short, $$"""{ "notify": { "host": "vm1", "github": [ { "appId": "4711", "privateKeyFile": "app.pem", "apiUrl": "{{forge.Url}}/api/v3" } ] } }""");
        await stack.PushAsync("api", Labelled(TestImage.Good("api", "2"), "https://127.0.0.1/docker-library/api", Commit));
        await stack.PushAsync("web", Labelled(TestImage.ExitsAtOnce("web", "2", 5), "https://127.0.0.1/acme/shop.git", Commit));

        Assert.Equal("reverted", (await home.CycleAsync()).Exits(4).Rollout().Outcome());

        var deployment = Assert.Single(deployments);
        Assert.Equal((Commit, stack.Prefix, "web"), (deployment["ref"].Text(), deployment["environment"].Text(), deployment["payload"]!["services"]![0].Text()));
        Assert.Equal(["in_progress", "failure"], states);
        Assert.All(forge.Posts, posted => Assert.Equal("application/vnd.github+json", posted.Header("Accept")));
    }

    private static TestImage Labelled(TestImage image, string source, string revision) => image with
    {
        Labels = ImmutableSortedDictionary<string, string>.Empty.Add("org.opencontainers.image.source", source).Add("org.opencontainers.image.revision", revision),
    };

    private Reply Answer(Posted posted) => (posted.Method, posted.Target.Split('?')[0]["/api/v3/".Length..]) switch
    {
        ("GET", "repos/acme/shop/installation") => new Reply(200, """{"id":71}"""),
        ("POST", "app/installations/71/access_tokens") => new Reply(201, """{"token":"ghs_1","expires_at":"2199-01-01T00:00:00Z"}"""),
        ("GET", "repos/acme/shop/deployments") when posted.Header("Authorization") == "Bearer ghs_1" => new Reply(200, new JsonArray([.. deployments.Select(one => one.DeepClone())]).ToJsonString()),
        ("POST", "repos/acme/shop/deployments") => Created(posted),
        ("GET", "repos/acme/shop/deployments/42/statuses") => new Reply(200, $$"""[{"state":"{{states[^1]}}"}]"""),
        ("POST", "repos/acme/shop/deployments/42/statuses") => Told(posted),
        _ => new Reply(404, "{}"),
    };

    private Reply Created(Posted posted)
    {
        var one = JsonNode.Parse(posted.Body)!.AsObject();
        one["id"] = 42;
        deployments.Add(one);
        return new Reply(201, """{"id":42}""");
    }

    private Reply Told(Posted posted)
    {
        states.Add(posted.Json.GetProperty("state").GetString()!);
        return new Reply(201, "{}");
    }
}
