using System.Text.Json.Nodes;
using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Notifying;

namespace Omis.Agent.Notifiers.Gotify;

/// <summary>Source: gotify.net/docs/pushmsg and /docs/msgextras. The token goes in a header: in the query it would end up in logs.</summary>
internal sealed class GotifyNotifier(Uri server, string token, NotifierTools tools) : INotifier
{
    public static readonly NotifierKind Kind = new(
        "gotify",
        "Applications of a Gotify server.",
        ChannelShape.Of("gotify").HasUrl("url", "The server.").HasSecret("token", "The application's token.").With(Rule.Needs("url")).With(Rule.Needs("token")),
        (channel, tools) => new GotifyNotifier(new Uri(channel.Url!), channel.Secret!, tools));

    public async Task<Delivery> SendAsync(Message message, string? reference, CancellationToken ct)
    {
        var payload = new JsonObject
        {
            ["title"] = message.Title,
            ["message"] = message.Text,
            ["priority"] = Priority(message.Severity),
            ["extras"] = new JsonObject { ["client::display"] = new JsonObject { ["contentType"] = "text/plain" } },
        };
        var url = new UriBuilder(server) { Path = server.AbsolutePath.TrimEnd('/') + "/message" }.Uri;
        return (await tools.Poster.PostAsync(url, payload.ToJsonString(), ct, ("X-Gotify-Key", token))).ToDelivery();
    }

    /// <summary>From 4 on the Android client makes a sound, from 8 on it also vibrates.</summary>
    private static int Priority(Severity severity) => severity switch
    {
        Severity.Info => 2,
        Severity.Warning => 5,
        Severity.Error => 7,
        _ => 10,
    };
}
