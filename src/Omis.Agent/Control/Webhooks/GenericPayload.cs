using System.Collections.Immutable;
using System.Text.Json;
using Omis.Agent.Core.Checking;

namespace Omis.Agent.Control.Webhooks;

/// <summary>
/// For scripts: <c>{"image":"HOST/NAME:TAG"}</c> or <c>{"images":[…]}</c>; without a tag the whole repository is meant.
/// And the notifications of a registry of one's own. Source: CNCF Distribution, "Work with notifications".
/// </summary>
internal static class GenericPayload
{
    private const string Expected = """expected {"image":"HOST/NAME:TAG"}, {"images":["HOST/NAME:TAG"]}, or a registry's notification""";

    public static Heard Read(JsonElement root) =>
        root.At("events").ValueKind == JsonValueKind.Array ? Notifications(root.Items("events"))
        : root.At("image").ValueKind != JsonValueKind.Undefined ? ((ImageHint?[])[ImageHint.TryParse(root.Text("image"))]).Heard(Expected)
        : root.Items("images").Select(image => ImageHint.TryParse(image.Text())).Heard(Expected);

    /// <summary>Layers are pushed too, and told of in the same way.</summary>
    private static Heard Notifications(ImmutableArray<JsonElement> events)
    {
        var pushes = events.Where(one => one.Text("action") == "push" && IsImage(one.Text("target", "mediaType")))
            .Select(one => ImageHint.TryOf(one.Text("request", "host"), one.Text("target", "repository"), one.Text("target", "tag"))).ToList();
        return pushes.Count == 0 ? new Heard.Nothing("not a push of an image") : pushes.Heard("expected pushes with request.host and target.repository");
    }

    private static bool IsImage(string? mediaType) =>
        mediaType is not null && (mediaType.Contains("manifest", StringComparison.Ordinal) || mediaType.Contains("index", StringComparison.Ordinal));
}
