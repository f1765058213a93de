using System.Text.Json;
using Omis.Agent.Core.Checking;

namespace Omis.Agent.Control.Webhooks;

/// <summary>
/// GitHub's <c>package</c> and <c>registry_package</c> events. Only containers count, and one that was published without
/// a tag, as each platform of a multi-platform image is, means its repository.
/// Source: GitHub Docs, "Webhook events and payloads".
/// </summary>
internal static class GhcrPayload
{
    public static Heard Read(JsonElement root)
    {
        var package = root.At("package") is { ValueKind: JsonValueKind.Object } one ? one : root.At("registry_package");
        if (package.ValueKind != JsonValueKind.Object)
        {
            // GitHub's ping, and what was not unticked, come to the same address.
            return root.Text("zen") is not null || root.Text("action") is not null ? new Heard.Nothing("not a package") : new Heard.Garbled("expected a package or registry_package");
        }

        if (!string.Equals(package.Text("package_type") ?? package.Text("ecosystem"), "container", StringComparison.OrdinalIgnoreCase))
        {
            return new Heard.Nothing("not a container");
        }

        var version = package.At("package_version") is { ValueKind: JsonValueKind.Object } own ? own : root.At("package_version");
        return ((ImageHint?[])[Named(version) ?? Composed(package, version)]).Heard("expected package_version.package_url, or the package's namespace and name");
    }

    /// <summary><c>ghcr.io/OWNER/NAME:TAG</c>; without a tag the colon may stay. The owner may have capitals, in which images have none.</summary>
    private static ImageHint? Named(JsonElement version)
    {
        var url = version.Text("package_url")?.TrimEnd(':') ?? "";
        var (slash, colon) = (url.IndexOf('/', StringComparison.Ordinal), url.LastIndexOf(':'));
        var end = colon > url.LastIndexOf('/') ? colon : url.Length;
        return slash <= 0 ? null : ImageHint.TryOf(url[..slash], url[(slash + 1)..end].ToLowerInvariant(), end < url.Length ? url[(end + 1)..] : Tag(version));
    }

    private static ImageHint? Composed(JsonElement package, JsonElement version)
    {
        var owner = package.Text("namespace") ?? package.Text("owner", "login");
        return owner is null || package.Text("name") is not { } name ? null
            : ImageHint.TryOf("ghcr.io", $"{owner}/{name}".ToLowerInvariant(), Tag(version));
    }

    private static string? Tag(JsonElement version) => version.Text("container_metadata", "tag", "name");
}
