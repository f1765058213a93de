using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Notifiers.Teams;

/// <summary>An Adaptive Card through a Workflows webhook. Source: learn.microsoft.com, "Create incoming webhooks with Workflows for Microsoft Teams".</summary>
internal sealed class TeamsNotifier(Uri url, NotifierTools tools) : INotifier
{
    public static readonly NotifierKind Kind = new(
        "teams",
        "Teams channels, by workflow webhook.",
        ChannelShape.Of("teams").HasUrl("webhookUrl", "Where notices are posted.").With(Rule.Needs("webhookUrl")).Check("webhookUrl", Retired),
        (channel, tools) => new TeamsNotifier(new Uri(channel.Url!), tools));

    public async Task<Delivery> SendAsync(Message message, string? reference, CancellationToken ct) =>
        (await tools.Poster.PostAsync(url, TeamsCard.Of(message).ToJsonString(), ct)).ToDelivery();

    /// <summary>Microsoft has retired these addresses: they take messages no longer, or soon.</summary>
    public static string? Retired(ChannelSettings channel) =>
        channel.Url is { } url && Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Host.EndsWith("webhook.office.com", StringComparison.OrdinalIgnoreCase) || uri.Host is "outlook.office.com" or "outlook.office365.com")
            ? "this is the address of an Office 365 connector, which Microsoft has retired; in Teams, make a workflow 'Post to a channel when a webhook request is received' and give its address"
            : null;
}
