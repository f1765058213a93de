using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Omis.Agent.Configuration;
using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Notifiers.Ntfy;

/// <summary>Published as JSON at the server's root, so that titles may hold any character. A message may have 4,096 bytes. Source: docs.ntfy.sh/publish, "Publish as JSON".</summary>
internal sealed class NtfyNotifier(Uri topic, string? authorization, NotifierTools tools) : INotifier
{
    private const int MostBytes = 4000;

    public static readonly NotifierKind Kind = new(
        "ntfy",
        "Topics of ntfy.",
        ChannelShape.Of("ntfy")
            .HasUrl("url", "The topic: https://ntfy.sh/TOPIC.")
            .HasSecret("token", "An access token, or the user's password where 'username' is given.")
            .HasOption("username", Texts.Plain, "Who publishes.")
            .With(Rule.Needs("url"))
            .Check("url", HasNoTopic),
        (channel, tools) => new NtfyNotifier(new Uri(channel.Url!), Authorization(channel), tools));

    public async Task<Delivery> SendAsync(Message message, string? reference, CancellationToken ct)
    {
        var path = topic.AbsolutePath.TrimEnd('/');
        var slash = path.LastIndexOf('/');
        var payload = new JsonObject
        {
            ["topic"] = Uri.UnescapeDataString(path[(slash + 1)..]),
            ["title"] = message.Title,
            ["message"] = Fitting.Bytes(message.Text, MostBytes),
            ["priority"] = Priority(message.Severity),
            ["tags"] = new JsonArray(Tag(message.Severity)),
        };
        if (!message.Links.IsEmpty)
        {
            payload["click"] = message.Links[0].Url;
        }

        ImmutableArray<(string, string)> headers = authorization is null ? [] : [("Authorization", authorization)];
        return (await tools.Poster.SendAsync(HttpMethod.Post, new UriBuilder(topic) { Path = path[..(slash + 1)] }.Uri, payload.ToJsonString(), "application/json", headers, ct)).ToDelivery();
    }

    private static string? HasNoTopic(ChannelSettings channel) =>
        channel.Url is { } url && new Uri(url).AbsolutePath.Trim('/').Length == 0 ? "it names no topic; expected https://ntfy.sh/TOPIC" : null;

    private static string? Authorization(ChannelSettings channel) =>
        channel.Secret is not { } secret ? null
        : channel.Option("username") is { } user ? "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret}"))
        : $"Bearer {secret}";

    /// <summary>1 (none) to 5 (bursts of vibration); 3 is usual.</summary>
    private static int Priority(Severity severity) => severity switch
    {
        Severity.Info => 3,
        Severity.Warning or Severity.Error => 4,
        _ => 5,
    };

    private static string Tag(Severity severity) => severity switch
    {
        Severity.Info => "white_check_mark",
        Severity.Warning => "warning",
        Severity.Error => "rewind",
        _ => "rotating_light",
    };
}
