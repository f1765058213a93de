using Omis.Agent.Core.Settings;
using Omis.Agent.Notifiers.Shoutrrr;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Notifiers;

public sealed class ShoutrrrTests
{
    [Theory]
    [InlineData("slack://hook:WNA3PBYV6-F20DUQND3RQ-Webc4MAvoacrpPakR8phF0zi@webhook?botname=watchtower", "slack", "https://hooks.slack.com/services/WNA3PBYV6/F20DUQND3RQ/Webc4MAvoacrpPakR8phF0zi", null)]
    [InlineData("slack://watchtower@AAA/BBB/cCc", "slack", "https://hooks.slack.com/services/AAA/BBB/cCc", null)]
    [InlineData("slack://AAA/BBB/cCc", "slack", "https://hooks.slack.com/services/AAA/BBB/cCc", null)]
    [InlineData("slack://xoxb:123-456-aBc@C001CH", "slack", null, "xoxb-123-456-aBc")]
    [InlineData("discord://tOken_1-x@123456?splitLines=no", "discord", "https://discord.com/api/webhooks/123456/tOken_1-x", null)]
    [InlineData("ntfy://ntfy.sh/ops", "ntfy", "https://ntfy.sh/ops", null)]
    [InlineData("ntfy://ann:pw@ntfy.example.com:8080/ops?scheme=http", "ntfy", "http://ntfy.example.com:8080/ops", "pw")]
    [InlineData("ntfy://:tk_1@ntfy.sh/ops", "ntfy", "https://ntfy.sh/ops", "tk_1")]
    [InlineData("gotify://gotify.example.com:443/AbC.dEf", "gotify", "https://gotify.example.com:443", "AbC.dEf")]
    [InlineData("gotify://gotify.example.com/push/AbC?disabletls=yes&priority=1", "gotify", "http://gotify.example.com/push", "AbC")]
    [InlineData("smtp://ann:p%40ss@mail.example.com:587/?from=a@example.com&to=b@example.com,c@example.com", "email", null, "p@ss")]
    [InlineData("pagerduty://events.pagerduty.com/0123456789abcdef0123456789abcdef", "pagerduty", null, "0123456789abcdef0123456789abcdef")]
    [InlineData("generic://example.com/hook?template=json&disabletls=yes&key=1", "webhook", "http://example.com/hook?key=1", null)]
    [InlineData("generic+https://example.com/hook?key=1", "webhook", "https://example.com/hook?key=1", null)]
    public void A_URL_becomes_the_channel_that_it_means(string url, string kind, string? address, string? secret)
    {
        var channel = ShoutrrrUrl.Read(url)!;
        Assert.Equal((kind, address, secret), (channel.Kind, channel.Url, channel.Secret));
    }

    [Theory]
    [InlineData("telegram://token@telegram?chats=1")]
    [InlineData("teams://group@tenant/alt/owner?host=x.webhook.office.com")]
    [InlineData("slack://")]
    [InlineData("slack://hook:onlyone@webhook")]
    [InlineData("discord://token@")]
    [InlineData("smtp://mail.example.com:25/?from=a@example.com")]
    [InlineData("smtp://u:p@mail.example.com:25/?from=a@example.com&to=b@example.com&encryption=None")]
    [InlineData("logger://")]
    [InlineData("not a url")]
    [InlineData("")]
    public void What_has_no_equivalent_or_is_not_whole_is_none(string url) => Assert.Null(ShoutrrrUrl.Read(url));

    [Fact]
    public void Mail_keeps_who_sends_to_whom()
    {
        var channel = ShoutrrrUrl.Read("smtp://ann:pw@mail.example.com:465/?from=a@example.com&to=b@example.com")!;
        Assert.Equal(("mail.example.com:465", "tls", "ann", "a@example.com", "b@example.com"), (channel.Option("server"), channel.Option("security"), channel.Option("username"), channel.Option("from"), channel.Option("to")));
    }

    [Fact]
    public async Task It_is_sent_as_a_channel_of_that_kind()
    {
        await using var server = await ChannelServer.StartAsync();
        var meant = ShoutrrrUrl.Read("generic+" + server.Url + "/hook")!;
        var channel = new ChannelSettings { Kind = "shoutrrr", Name = "old", Url = meant.Url }.With("kind", meant.Kind);

        await Notifying.SendAsync(channel, Notifying.Message());

        Assert.Equal("application/cloudevents+json; charset=utf-8", server.Posts[0].Header("Content-Type"));
    }
}
