using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Notifiers.Shoutrrr;

/// <summary>The URLs that Watchtower's users have; each becomes a channel of the kind that it means.</summary>
internal static class ShoutrrrKind
{
    private static readonly TextShape<ChannelSettings> Url = new(
        "a shoutrrr URL of slack, discord, ntfy, gotify, smtp, pagerduty or generic that is whole; teams:// means connectors that Microsoft has retired (make a workflow webhook and use notify.teams), other services have no equivalent here",
        (text, _) => ShoutrrrUrl.Read(text) is { } channel ? new(channel) : null,
        _ => null)
    { Secret = true };

    /// <param name="kinds">Those that a URL may mean.</param>
    public static NotifierKind Of(params NotifierKind[] kinds) => new(
        "shoutrrr",
        "Channels by shoutrrr URL, as in WATCHTOWER_NOTIFICATION_URL.",
        ChannelShape.Of("shoutrrr")
            .Has("url", Url,
                "The URL.",
                channel => channel.Url is null ? null : channel,
                (channel, meant) => channel with { Url = meant.Url ?? "", Secret = meant.Secret, Options = meant.Options.SetItem("kind", meant.Kind) })
            .With(Rule.Needs("url")),
        (channel, tools) => Make(channel, tools, kinds));

    private static INotifier Make(ChannelSettings channel, NotifierTools tools, NotifierKind[] kinds)
    {
        var meant = channel with { Kind = channel.Option("kind")!, Url = channel.Url is { Length: > 0 } url ? url : null };
        return new NotifierKinds([.. kinds]).Make(meant, tools);
    }
}
