using System.Text.Json;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Settings;
using Omis.Agent.Testing;
using static Omis.Agent.Tests.Notifiers.Notifying;

namespace Omis.Agent.Tests.Notifiers;

public sealed class SlackTests
{
    [Fact]
    public async Task A_message_is_blocks_within_Slacks_limits_with_a_text_for_notifications()
    {
        await using var server = await ChannelServer.StartAsync((posted, _) => Judge(posted));

        Assert.IsType<Delivery.Accepted>(await SendAsync(Hook(server), Message(Outcome.Reverted)));

        var json = server.Posts[0].Json;
        Assert.Equal("shop on vm1: update REVERTED", json.GetProperty("text").GetString());
        Assert.Equal(["header", "section", "section", "context"], Blocks(json).Select(block => block.GetProperty("type").GetString()));
        Assert.Contains("Why: GET http://127.0.0.1:5000/api/health: 500", Text(json, 1), StringComparison.Ordinal);
        Assert.Equal("```starting &lt;web&gt; &amp; co\ncannot open `db````", Text(json, 2));
    }

    [Fact]
    public async Task The_largest_message_still_fits()
    {
        await using var server = await ChannelServer.StartAsync((posted, _) => Judge(posted));
        Assert.IsType<Delivery.Accepted>(await SendAsync(Hook(server), Huge()));
    }

    [Fact]
    public async Task What_Slack_says_is_wrong_is_passed_on_in_its_one_word()
    {
        await using var server = await ChannelServer.StartAsync((_, count) => count == 0 ? new Reply(403, "invalid_token") : new Reply(403, $"see {Planted}"));

        Assert.Equal("403 (invalid_token)", Problem(await SendAsync(Hook(server), Message())));
        Assert.Equal("403", Problem(await SendAsync(Hook(server), Message())));
    }

    [Fact]
    public async Task A_bots_message_is_replaced_by_the_rollouts_end_and_what_follows_is_threaded()
    {
        await using var server = await ChannelServer.StartAsync(Api);
        var begun = Assert.IsType<Delivery.Accepted>(await SendAsync(Bot(server), Begun()));
        var stuck = Assert.IsType<Delivery.Accepted>(await SendAsync(Bot(server), Message(Outcome.Stuck), begun.Reference));
        var mended = Assert.IsType<Delivery.Accepted>(await SendAsync(Bot(server), Message(Outcome.Reverted), stuck.Reference));
        await SendAsync(Bot(server), Message(), mended.Reference);

        Assert.Equal(["/api/chat.postMessage", "/api/chat.update", "/api/chat.postMessage", "/api/chat.postMessage"], server.Posts.Select(posted => posted.Target));
        Assert.Equal("1.0", server.Posts[1].Json.GetProperty("ts").GetString());
        Assert.Equal(["1.0", "1.0"], server.Posts[2..].Select(posted => posted.Json.GetProperty("thread_ts").GetString()));
        Assert.All(server.Posts, posted => Assert.Equal(("C1", $"Bearer {Planted}"), (posted.Json.GetProperty("channel").GetString(), posted.Header("Authorization"))));
    }

    [Theory]
    [InlineData("""{"ok":false,"error":"ratelimited"}""", 200, true)]
    [InlineData("""{"ok":false,"error":"internal_error"}""", 200, true)]
    [InlineData("""{"ok":false,"error":"channel_not_found"}""", 200, false)]
    [InlineData("""{"ok":false,"error":"see https://planted"}""", 200, false)]
    [InlineData("<html>", 200, true)]
    [InlineData("", 429, true)]
    public async Task A_bots_answer_of_200_may_still_be_a_refusal(string body, int status, bool away)
    {
        await using var server = await ChannelServer.StartAsync((_, _) => new Reply(status, body, status == 429 ? "7" : null));

        var delivery = await SendAsync(Bot(server), Message());

        Assert.Equal(away, delivery is Delivery.Away);
        Assert.DoesNotContain("planted", Problem(delivery), StringComparison.Ordinal);
    }

    private static ChannelSettings Hook(ChannelServer server) => new() { Kind = "slack", Name = "ops", Url = $"{server.Url}/services/{Planted}" };

    private static ChannelSettings Bot(ChannelServer server) => new ChannelSettings { Kind = "slack", Name = "ops", Secret = Planted }.With("channel", "C1").With("apiUrl", server.Url + "/api/");

    private static Reply Api(Posted posted, int count) =>
        posted.Target.EndsWith("chat.update", StringComparison.Ordinal)
            ? new Reply(Body: $$"""{"ok":true,"ts":"{{posted.Json.GetProperty("ts").GetString()}}"}""")
            : new Reply(Body: $$"""{"ok":true,"ts":"{{count + 1}}.0"}""");

    /// <summary>As Slack judges. Source: docs.slack.dev/reference/block-kit/blocks.</summary>
    private static Reply Judge(Posted posted)
    {
        var blocks = Blocks(posted.Json).ToArray();
        return blocks.Length is > 0 and <= 50 && blocks.All(IsBlock) && posted.Json.GetProperty("text").GetString() is { Length: > 0 and <= 40_000 } ? new Reply(Body: "ok") : new Reply(400, "invalid_blocks");
    }

    private static bool IsBlock(JsonElement block) => block.GetProperty("type").GetString() switch
    {
        "header" => IsText(block.GetProperty("text"), "plain_text", 150),
        "section" => IsText(block.GetProperty("text"), "mrkdwn", 3000),
        "context" => block.GetProperty("elements").GetArrayLength() is > 0 and <= 10 && block.GetProperty("elements").EnumerateArray().All(element => IsText(element, "mrkdwn", 3000)),
        _ => false,
    };

    private static bool IsText(JsonElement text, string type, int most) =>
        text.GetProperty("type").GetString() == type && text.GetProperty("text").GetString() is { Length: > 0 } words && words.Length <= most && !words.Contains("<&", StringComparison.Ordinal);

    private static JsonElement.ArrayEnumerator Blocks(JsonElement json) => json.GetProperty("blocks").EnumerateArray();

    private static string Text(JsonElement json, int block) => json.GetProperty("blocks")[block].GetProperty("text").GetProperty("text").GetString()!;
}
