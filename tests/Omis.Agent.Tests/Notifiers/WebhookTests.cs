using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Settings;
using Omis.Agent.Testing;
using static Omis.Agent.Tests.Notifiers.Notifying;

namespace Omis.Agent.Tests.Notifiers;

public sealed class WebhookTests
{
    [Theory]
    [InlineData(Outcome.Committed, "omis.agent.rollout.committed")]
    [InlineData(Outcome.Reverted, "omis.agent.rollout.reverted")]
    [InlineData(Outcome.Stuck, "omis.agent.rollout.stuck")]
    [InlineData(Outcome.Refused, "omis.agent.rollout.refused")]
    [InlineData(Outcome.Failed, "omis.agent.rollout.failed")]
    public async Task A_notice_is_a_CloudEvent_with_the_rollout_as_its_data(Outcome outcome, string type)
    {
        await using var server = await ChannelServer.StartAsync();

        Assert.IsType<Delivery.Accepted>(await SendAsync(Channel(server), Message(outcome)));

        var posted = Assert.Single(server.Posts);
        Assert.Equal("application/cloudevents+json; charset=utf-8", posted.Header("Content-Type"));
        IsCloudEvent(posted.Json);
        Assert.Equal(type, posted.Json.GetProperty("type").GetString());
        Assert.Equal("shop", posted.Json.GetProperty("subject").GetString());
        var data = posted.Json.GetProperty("data");
        Assert.Equal(("01JROLLOUT", "shop", type.Split('.')[^1]), (data.GetProperty("id").GetString(), data.GetProperty("project").GetString(), data.GetProperty("outcome").GetString()));
        Assert.Equal(640, data.GetProperty("steps")[0].GetProperty("downMs").GetInt64());
    }

    [Fact]
    public async Task With_a_secret_it_is_signed_over_exactly_what_was_sent()
    {
        await using var server = await ChannelServer.StartAsync();

        await SendAsync(Channel(server) with { Secret = Planted }, Message());

        var posted = Assert.Single(server.Posts);
        var expected = Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Planted), Encoding.UTF8.GetBytes(posted.Body))).ToLowerInvariant();
        Assert.Equal("sha256=" + expected, posted.Header("X-Omis-Signature-256"));
    }

    [Fact]
    public async Task Without_a_secret_it_is_not_signed()
    {
        await using var server = await ChannelServer.StartAsync();
        await SendAsync(Channel(server), Message());
        Assert.Null(server.Posts[0].Header("X-Omis-Signature-256"));
    }

    [Fact]
    public async Task The_same_notice_has_the_same_id_each_time_and_another_one_another()
    {
        await using var server = await ChannelServer.StartAsync();
        foreach (var message in All(Message(), Message(), Message(Outcome.Reverted), Begun()))
        {
            await SendAsync(Channel(server), message);
        }

        var ids = server.Posts.Select(posted => posted.Json.GetProperty("id").GetString()).ToArray();
        Assert.Equal(ids[0], ids[1]);
        Assert.Equal(3, ids.Distinct().Count());
    }

    [Fact]
    public async Task Starts_and_registries_are_events_of_their_own()
    {
        await using var server = await ChannelServer.StartAsync();
        await SendAsync(Channel(server), Begun());
        await SendAsync(Channel(server), Words.Of(new Notice.RegistryDown("a.io", new Reason(ReasonCode.RateLimited, "wait"), Some.Moment)));
        await SendAsync(Channel(server), Words.Of(new Notice.RegistryBack("a.io", Some.Moment, Some.Moment.AddSeconds(2))));

        Assert.All(server.Posts, posted => IsCloudEvent(posted.Json));
        Assert.Equal(["omis.agent.rollout.started", "omis.agent.registry.down", "omis.agent.registry.back"], server.Posts.Select(posted => posted.Json.GetProperty("type").GetString()));
        Assert.Equal("rateLimited", server.Posts[1].Json.GetProperty("data").GetProperty("reason").GetProperty("code").GetString());
        Assert.Equal(2000, server.Posts[2].Json.GetProperty("data").GetProperty("downMs").GetInt64());
    }

    [Theory]
    [InlineData(429, "30", true)]
    [InlineData(500, null, true)]
    [InlineData(503, "30", true)]
    [InlineData(400, null, false)]
    [InlineData(404, null, false)]
    [InlineData(302, null, false)]
    public async Task What_may_pass_is_told_from_what_may_not(int status, string? retryAfter, bool away)
    {
        await using var server = await ChannelServer.StartAsync((_, _) => new Reply(status, Planted, retryAfter));

        var delivery = await SendAsync(Channel(server), Message());

        Assert.Equal(away, delivery is Delivery.Away);
        Assert.Equal(retryAfter is null ? null : TimeSpan.FromSeconds(30), (delivery as Delivery.Away)?.RetryAfter);
        Assert.StartsWith($"{status}", Problem(delivery), StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, delivery.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_is_away_and_the_problem_does_not_say_where()
    {
        var server = await ChannelServer.StartAsync();
        var channel = Channel(server);
        await server.DisposeAsync();

        var away = Assert.IsType<Delivery.Away>(await SendAsync(channel, Message()));

        Assert.Equal("it cannot be connected to", away.Problem);
    }

    private static ChannelSettings Channel(ChannelServer server) => new() { Kind = "webhook", Name = "ops", Url = $"{server.Url}/hooks/{Planted}?key={Planted}" };

    /// <summary>Required attributes and types. Source: CloudEvents 1.0.2, "Context Attributes"; names are lower-case letters and digits.</summary>
    private static void IsCloudEvent(JsonElement sent)
    {
        Assert.Equal("1.0", sent.GetProperty("specversion").GetString());
        Assert.All((string[])["id", "source", "type", "subject"], name => Assert.NotEmpty(sent.GetProperty(name).GetString()!));
        Assert.True(Uri.TryCreate(sent.GetProperty("source").GetString(), UriKind.RelativeOrAbsolute, out _));
        Assert.EndsWith("Z", sent.GetProperty("time").GetString(), StringComparison.Ordinal);
        Assert.True(sent.GetProperty("time").TryGetDateTimeOffset(out _));
        Assert.Equal("application/json", sent.GetProperty("datacontenttype").GetString());
        Assert.All(sent.EnumerateObject(), property => Assert.Matches("^[a-z0-9]{1,20}$", property.Name));
    }
}
