using System.Text.Json;
using Omis.Agent.Core.Checking;

namespace Omis.Agent.Control.Webhooks;

/// <summary>
/// Harbor in both of its formats. A resource without a tag means its repository.
/// Source: Harbor docs, "Configure Webhook Notifications", payload formats Default and CloudEvents.
/// </summary>
internal static class HarborPayload
{
    public static Heard Read(JsonElement root) => root.Text("type") switch
    {
        "PUSH_ARTIFACT" => Resources(root.At("event_data")),
        "harbor.artifact.pushed" => Resources(root.At("data")),
        null => new Heard.Garbled("expected an event with its type"),
        _ => new Heard.Nothing("not a push"),
    };

    private static Heard Resources(JsonElement data) =>
        data.Items("resources").Select(resource => ImageHint.TryParse(resource.Text("resource_url"))).Heard("expected resources with their resource_url");
}
