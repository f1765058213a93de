using System.Text.Json.Nodes;
using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Notifying;

namespace Omis.Agent.Notifiers.PagerDuty;

/// <summary>
/// One alert for each project, opened when something went wrong and resolved by the next commit. Events may come twice or
/// late: the key is the same. Source: developer.pagerduty.com/docs/events-api-v2, "Send an alert event".
/// </summary>
internal sealed class PagerDutyNotifier(Uri url, string routingKey, NotifierTools tools) : INotifier
{
    private const int Key = 255;
    private const int Summary = 1024;

    public static readonly NotifierKind Kind = new(
        "pagerduty",
        "PagerDuty services, by Events API v2: an alert for each project.",
        ChannelShape.Of("pagerduty", NoticeEvent.Committed, NoticeEvent.Reverted, NoticeEvent.Stuck)
            .HasSecret("routingKey", "The integration key of the service.")
            .HasUrl("url", "Where events are sent, if not to https://events.pagerduty.com/v2/enqueue (Europe: https://events.eu.pagerduty.com/v2/enqueue).")
            .With(Rule.Needs("routingKey"))
            .Check("routingKey", channel => channel.Secret is { Length: not 32 } ? "it is not as long as an integration key; expected 32 characters" : null),
        (channel, tools) => new PagerDutyNotifier(new Uri(channel.Url ?? "https://events.pagerduty.com/v2/enqueue"), channel.Secret!, tools));

    public async Task<Delivery> SendAsync(Message message, string? reference, CancellationToken ct) =>
        Action(message.Notice) is { } action
            ? (await tools.Poster.PostAsync(url, Event(message, action).ToJsonString(), ct)).ToDelivery()
            : new Delivery.Accepted();

    /// <returns>Null where there is nothing to wake anybody for.</returns>
    private static string? Action(Notice notice) => notice switch
    {
        // To resolve what was never triggered wakes nobody, and shows whether the key is taken.
        Notice.Test or Notice.RegistryBack or { Event: NoticeEvent.Committed } => "resolve",
        Notice.Begun => null,
        _ => "trigger",
    };

    private JsonObject Event(Message message, string action)
    {
        var sent = new JsonObject
        {
            ["routing_key"] = routingKey,
            ["event_action"] = action,
            ["dedup_key"] = Fitting.Characters($"omis-agent/{tools.Host}/{message.Subject}", Key),
        };
        if (action == "trigger")
        {
            sent["client"] = "Omis Agent";
            sent["payload"] = Payload(message);
            sent["links"] = new JsonArray([.. message.Links.Select(link => (JsonNode)new JsonObject { ["href"] = link.Url, ["text"] = link.Text })]);
        }

        return sent;
    }

    private static JsonObject Payload(Message message) => new()
    {
        ["summary"] = Fitting.Characters(message.Title, Summary),
        ["source"] = message.Host,
        ["severity"] = message.Severity.ToString().ToLowerInvariant(),
        ["timestamp"] = message.Notice.At.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        ["component"] = message.Subject,
        ["class"] = message.Notice.Event.ToString().ToLowerInvariant(),
        ["custom_details"] = new JsonObject { ["text"] = message.Body, ["log"] = new JsonArray([.. message.Log.Select(line => (JsonNode)JsonValue.Create(line))]), ["notice"] = message.Id },
    };
}
