using System.Text;
using System.Text.Json;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Settings;
using Omis.Agent.Testing;
using static Omis.Agent.Tests.Notifiers.Notifying;

namespace Omis.Agent.Tests.Notifiers;

/// <summary>Teams, Discord, ntfy and Gotify, each against a server that takes what the real one takes and refuses what that refuses.</summary>
public sealed class OtherChannelTests
{
    [Fact]
    public async Task Teams_gets_an_Adaptive_Card_in_a_message()
    {
        await using var server = await ChannelServer.StartAsync((posted, _) => JudgeTeams(posted));

        Assert.IsType<Delivery.Accepted>(await SendAsync(new() { Kind = "teams", Url = server.Url + "/workflows/" + Planted }, Message(Outcome.Reverted)));

        var card = server.Posts[0].Json.GetProperty("attachments")[0].GetProperty("content");
        Assert.Equal("shop on vm1: update REVERTED", card.GetProperty("body")[0].GetProperty("text").GetString());
        Assert.Equal("Attention", card.GetProperty("body")[0].GetProperty("color").GetString());
        Assert.Equal("https://github.com/acme/shop/compare/1111aaaa...2222bbbb", card.GetProperty("actions")[0].GetProperty("url").GetString());
        Assert.Contains(card.GetProperty("body").EnumerateArray(), block => block.GetProperty("text").GetString() == "cannot open \\`db\\`" && block.GetProperty("fontType").GetString() == "Monospace");
    }

    [Fact]
    public async Task Teams_largest_card_is_below_what_Teams_takes()
    {
        await using var server = await ChannelServer.StartAsync((posted, _) => JudgeTeams(posted));
        Assert.IsType<Delivery.Accepted>(await SendAsync(new() { Kind = "teams", Url = server.Url }, Huge()));
    }

    [Fact]
    public async Task Discord_gets_an_embed_that_rings_nobody_and_the_end_replaces_the_beginning()
    {
        await using var server = await ChannelServer.StartAsync((posted, _) => JudgeDiscord(posted));
        var channel = new ChannelSettings { Kind = "discord", Url = $"{server.Url}/api/webhooks/1/{Planted}" };

        var begun = Assert.IsType<Delivery.Accepted>(await SendAsync(channel, Begun()));
        var ended = Assert.IsType<Delivery.Accepted>(await SendAsync(channel, Message(Outcome.Reverted), begun.Reference));
        Assert.IsType<Delivery.Accepted>(await SendAsync(channel, Huge()));

        Assert.Equal("42", begun.Reference);
        Assert.Null(ended.Reference);
        Assert.Equal([$"POST /api/webhooks/1/{Planted}?wait=true", $"PATCH /api/webhooks/1/{Planted}/messages/42", $"POST /api/webhooks/1/{Planted}?wait=true"], server.Posts.Select(posted => $"{posted.Method} {posted.Target}"));
        Assert.Contains("```\nstarting <web> & co\ncannot open `db`\n```", server.Posts[1].Json.GetProperty("embeds")[0].GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ntfy_is_published_as_JSON_at_the_servers_root()
    {
        await using var server = await ChannelServer.StartAsync((posted, _) => JudgeNtfy(posted));

        Assert.IsType<Delivery.Accepted>(await SendAsync(new() { Kind = "ntfy", Url = server.Url + "/push/ops", Secret = Planted }, Message(Outcome.Stuck)));
        Assert.IsType<Delivery.Accepted>(await SendAsync(new ChannelSettings { Kind = "ntfy", Url = server.Url + "/ops", Secret = "pw" }.With("username", "ann"), Huge()));

        Assert.Equal(("/push/", $"Bearer {Planted}", 5), (server.Posts[0].Target, server.Posts[0].Header("Authorization"), server.Posts[0].Json.GetProperty("priority").GetInt32()));
        Assert.Equal(("/", "Basic " + Convert.ToBase64String("ann:pw"u8)), (server.Posts[1].Target, server.Posts[1].Header("Authorization")));
    }

    [Fact]
    public async Task Gotify_gets_its_token_in_a_header()
    {
        await using var server = await ChannelServer.StartAsync((posted, _) => posted.Header("X-Gotify-Key") == Planted && posted.Json.GetProperty("message").GetString() is { Length: > 0 } && posted.Json.GetProperty("priority").GetInt32() is >= 0 and <= 10 ? new Reply() : new Reply(401));

        Assert.IsType<Delivery.Accepted>(await SendAsync(new() { Kind = "gotify", Url = server.Url + "/base/", Secret = Planted }, Message(Outcome.Failed)));

        Assert.Equal("/base/message", server.Posts[0].Target);
    }

    [Fact]
    public async Task PagerDuty_opens_at_a_revert_and_resolves_at_the_next_commit_under_one_key()
    {
        await using var server = await ChannelServer.StartAsync((posted, _) => JudgePagerDuty(posted));
        var channel = new ChannelSettings { Kind = "pagerduty", Url = server.Url + "/v2/enqueue", Secret = Planted };

        foreach (var message in All(Message(Outcome.Reverted), Message(Outcome.Stuck), Message(), Begun(), Huge()))
        {
            Assert.IsType<Delivery.Accepted>(await SendAsync(channel, message));
        }

        Assert.Equal(["trigger", "trigger", "resolve", "trigger"], server.Posts.Select(posted => posted.Json.GetProperty("event_action").GetString()));
        Assert.Equal(["omis-agent/vm1/shop"], server.Posts.Select(posted => posted.Json.GetProperty("dedup_key").GetString()).Distinct());
        Assert.Equal(["error", "critical"], server.Posts[..2].Select(posted => posted.Json.GetProperty("payload").GetProperty("severity").GetString()));
    }

    [Fact]
    public async Task A_registry_opens_and_resolves_an_alert_of_its_own()
    {
        await using var server = await ChannelServer.StartAsync((posted, _) => JudgePagerDuty(posted));
        var channel = new ChannelSettings { Kind = "pagerduty", Url = server.Url, Secret = Planted };

        await SendAsync(channel, Words.Of(new Notice.RegistryDown("a.io", new Reason(ReasonCode.RateLimited, "wait"), Some.Moment)));
        await SendAsync(channel, Words.Of(new Notice.RegistryBack("a.io", Some.Moment, Some.Moment)));

        Assert.Equal(["trigger omis-agent/vm1/a.io", "resolve omis-agent/vm1/a.io"], server.Posts.Select(posted => $"{posted.Json.GetProperty("event_action").GetString()} {posted.Json.GetProperty("dedup_key").GetString()}"));
    }

    /// <summary>Source: adaptivecards.io, schema 1.4; Teams takes 28 KB.</summary>
    private static Reply JudgeTeams(Posted posted)
    {
        var attachment = posted.Json.GetProperty("attachments")[0];
        var card = attachment.GetProperty("content");
        string[] sizes = ["Small", "Default", "Medium", "Large", "ExtraLarge"];
        var well = posted.Json.GetProperty("type").GetString() == "message"
            && attachment.GetProperty("contentType").GetString() == "application/vnd.microsoft.card.adaptive"
            && (card.GetProperty("type").GetString(), card.GetProperty("version").GetString()) == ("AdaptiveCard", "1.4")
            && card.GetProperty("body").EnumerateArray().All(block => block.GetProperty("type").GetString() == "TextBlock" && block.GetProperty("text").GetString() is { Length: > 0 }
                && (!block.TryGetProperty("size", out var size) || sizes.Contains(size.GetString())))
            && (!card.TryGetProperty("actions", out var actions) || actions.EnumerateArray().All(action => action.GetProperty("type").GetString() == "Action.OpenUrl" && Uri.TryCreate(action.GetProperty("url").GetString(), UriKind.Absolute, out _)));
        return !well ? new Reply(400) : Encoding.UTF8.GetByteCount(posted.Body) > 28_000 ? new Reply(413) : new Reply(202);
    }

    /// <summary>Source: docs.discord.com, "Embed Limits".</summary>
    private static Reply JudgeDiscord(Posted posted)
    {
        var embed = posted.Json.GetProperty("embeds")[0];
        var lengths = (Title: Length(embed, "title"), Description: Length(embed, "description"), Footer: Length(embed.GetProperty("footer"), "text"));
        return lengths is { Title: > 0 and <= 256, Description: > 0 and <= 4096, Footer: <= 2048 } && lengths.Title + lengths.Description + lengths.Footer <= 6000
            && posted.Json.GetProperty("allowed_mentions").GetProperty("parse").GetArrayLength() == 0
            ? new Reply(200, """{"id":"42"}""")
            : new Reply(400);
    }

    /// <summary>Source: docs.ntfy.sh/publish; a message above 4,096 bytes becomes an attachment.</summary>
    private static Reply JudgeNtfy(Posted posted) =>
        posted.Json.GetProperty("topic").GetString() == "ops" && Encoding.UTF8.GetByteCount(posted.Json.GetProperty("message").GetString()!) is > 0 and <= 4096
        && posted.Json.GetProperty("priority").GetInt32() is >= 1 and <= 5 && posted.Json.GetProperty("title").GetString() is { Length: > 0 }
            ? new Reply()
            : new Reply(400);

    /// <summary>Source: developer.pagerduty.com, Events API v2: 202 where the event is taken.</summary>
    private static Reply JudgePagerDuty(Posted posted)
    {
        var sent = posted.Json;
        var well = sent.GetProperty("routing_key").GetString()!.Length == 32 && sent.GetProperty("dedup_key").GetString() is { Length: > 0 and <= 255 };
        if (sent.GetProperty("event_action").GetString() == "trigger")
        {
            var payload = sent.GetProperty("payload");
            well &= payload.GetProperty("summary").GetString() is { Length: > 0 and <= 1024 } && payload.GetProperty("source").GetString() is { Length: > 0 }
                && payload.GetProperty("severity").GetString() is "critical" or "error" or "warning" or "info"
                && sent.GetProperty("links").EnumerateArray().All(link => link.GetProperty("href").GetString() is { Length: > 0 })
                && Encoding.UTF8.GetByteCount(posted.Body) < 512_000;
        }

        return well ? new Reply(202, """{"status":"success"}""") : new Reply(400, """{"status":"invalid event"}""");
    }

    private static int Length(JsonElement element, string name) => element.GetProperty(name).GetString()!.Length;
}
