using System.Text.RegularExpressions;
using Omis.Agent.Configuration;
using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Notifiers.Slack;

/// <summary>Slack's incoming webhook, which can neither change nor thread a message. Source: docs.slack.dev/messaging/sending-messages-using-incoming-webhooks.</summary>
internal sealed partial class SlackNotifier(Uri url, NotifierTools tools) : INotifier
{
    public static readonly NotifierKind Kind = new(
        "slack",
        "Slack channels, by incoming webhook, or by bot token with updates and threads.",
        ChannelShape.Of("slack")
            .HasUrl("webhookUrl", "Where notices are posted.")
            .HasSecret("token", "A bot token (xoxb-…) with chat:write, instead of a webhook.")
            .HasOption("channel", Texts.Plain, "The channel's id, for the bot.")
            .HasOption("apiUrl", Texts.Url, "Slack's Web API, where it is reached in another place than https://slack.com/api/.")
            .With(Rule.Either("webhookUrl", "token"))
            .With(Rule.NotBoth("webhookUrl", "token"))
            .With(Rule.Together("token", "channel")),
        Make);

    public async Task<Delivery> SendAsync(Message message, string? reference, CancellationToken ct)
    {
        var answer = await tools.Poster.PostAsync(url, SlackBlocks.Of(message).ToJsonString(), ct);

        // Slack says what is wrong in one word, such as no_service or invalid_blocks.
        return answer.ToDelivery(said: Word().IsMatch(answer.Body) ? answer.Body : null);
    }

    private static INotifier Make(ChannelSettings channel, NotifierTools tools) =>
        channel.Url is { } url ? new SlackNotifier(new Uri(url), tools)
        : new SlackBot(new Uri(channel.Option("apiUrl") ?? "https://slack.com/api/"), channel.Secret!, channel.Option("channel")!, tools);

    [GeneratedRegex("^[a-z_]{1,40}\\z")]
    private static partial Regex Word();
}
