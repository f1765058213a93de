using System.Text.Json;
using Omis.Agent.Core.Checking;

namespace Omis.Agent.Control.Webhooks;

/// <summary>
/// Azure Container Registry: its own webhooks, and its events by way of Event Grid in either schema, one or many at once.
/// Source: "Azure Container Registry webhook reference"; "Azure Container Registry as an Event Grid source".
/// </summary>
internal static class AcrPayload
{
    private const string Validation = "Microsoft.EventGrid.SubscriptionValidationEvent";
    private const string ImagePushed = "Microsoft.ContainerRegistry.ImagePushed";
    private const string Expected = "expected a push with request.host, target.repository and target.tag";

    public static Heard Read(JsonElement root) =>
        root.ValueKind == JsonValueKind.Array ? Events([.. root.EnumerateArray()])
        : Type(root) is not null ? Events([root])
        : root.Text("action") switch
        {
            "push" => ((ImageHint?[])[Target(root)]).Heard(Expected),
            null => new Heard.Garbled(Expected),
            _ => new Heard.Nothing("not a push"),
        };

    private static Heard Events(JsonElement[] events)
    {
        if (events.FirstOrDefault(one => Type(one) == Validation) is { ValueKind: JsonValueKind.Object } validation)
        {
            return validation.Text("data", "validationCode") is { Length: > 0 and <= 512 } code ? new Heard.Handshake(code) : new Heard.Garbled("expected data.validationCode");
        }

        if (events.Length == 0 || events.Any(one => Type(one) is null))
        {
            return new Heard.Garbled("expected events with their type");
        }

        var pushes = events.Where(one => Type(one) == ImagePushed).Select(one => Target(one.At("data"))).ToList();
        return pushes.Count == 0 ? new Heard.Nothing("not a push") : pushes.Heard(Expected);
    }

    /// <summary><c>eventType</c> in Event Grid's own schema, <c>type</c> in that of CloudEvents.</summary>
    private static string? Type(JsonElement one) => one.Text("eventType") ?? one.Text("type");

    private static ImageHint? Target(JsonElement push) =>
        ImageHint.TryOf(push.Text("request", "host"), push.Text("target", "repository"), push.Text("target", "tag"));
}
