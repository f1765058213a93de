using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Checking;

namespace Omis.Agent.Control.Webhooks;

/// <summary>
/// Hears one dialect and rings the bell. It answers before anything is looked at, since registries wait seconds only, and
/// the same to a replay: what it names is looked at again, which changes nothing.
/// </summary>
internal sealed partial class WebhookEndpoint(Dialect dialect, Doorkeeper door, Bell bell, ILogger logger)
{
    public ImmutableArray<Route> Routes =>
    [
        new Route("POST", $"/webhooks/{dialect.Name}", HearAsync),
        new Route("OPTIONS", $"/webhooks/{dialect.Name}", Consent.AnswerAsync),
    ];

    private async Task HearAsync(HttpContext context)
    {
        var body = await door.AdmitWebhookAsync(context);
        switch (dialect.Hear(body))
        {
            case Heard.Pushed pushed:
                bell.Ring(pushed.Images);
                Rang(logger, dialect.Name, pushed.Images.Length);
                await Replies.JsonAsync(context, StatusCodes.Status202Accepted, new HeardDocument([.. pushed.Images.Select(image => image.ToString())], null), ControlJson.Default.HeardDocument);
                break;
            case Heard.Nothing nothing:
                await Replies.JsonAsync(context, StatusCodes.Status202Accepted, new HeardDocument([], nothing.Why), ControlJson.Default.HeardDocument);
                break;
            case Heard.Handshake handshake:
                await Replies.JsonAsync(context, StatusCodes.Status200OK, new HandshakeDocument(handshake.Code), ControlJson.Default.HandshakeDocument);
                break;
            case Heard.Garbled garbled:
                Unread(logger, dialect.Name, garbled.Why);
                throw new RefusedException(StatusCodes.Status400BadRequest, "badRequest", garbled.Why);
        }
    }

    [LoggerMessage(7031, LogLevel.Debug, "Webhook {Dialect}: {Count} images named")]
    private static partial void Rang(ILogger logger, string dialect, int count);

    [LoggerMessage(7032, LogLevel.Warning, "Webhook {Dialect}: the payload cannot be understood: {Problem}")]
    private static partial void Unread(ILogger logger, string dialect, string problem);
}
