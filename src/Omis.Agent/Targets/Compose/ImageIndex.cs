using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Engine;

namespace Omis.Agent.Targets.Compose;

/// <summary>One look at each distinct image of a cycle.</summary>
internal sealed class ImageIndex(EngineClient engine, bool containerdStore)
{
    private readonly Dictionary<string, JsonObject?> known = [];

    /// <summary>The digests under which an image was pulled from the reference's own repository.</summary>
    public async Task<ImmutableArray<Digest>> DigestsAsync(string imageId, ImageReference? image, CancellationToken ct)
    {
        var inspect = await InspectAsync(imageId, ct).ConfigureAwait(false);

        // The containerd store forgets all names of an image when its tag moves; there the ID is the digest.
        var nameless = inspect is null || (inspect["RepoDigests"].IsNothing() && inspect["RepoTags"].IsNothing());
        return nameless && containerdStore && Digest.TryParse(imageId, out var digest) ? [digest.Value]
            : inspect is null ? []
            : Digests(inspect, image);
    }

    public async Task<LocalImage?> TaggedAsync(ImageReference image, CancellationToken ct) =>
        await InspectAsync(image.ToString(), ct).ConfigureAwait(false) is { } inspect
            ? new LocalImage(inspect["Id"].Text()!, Digests(inspect, image))
            : null;

    /// <summary>
    /// The containerd store gives a built image a repo@digest as if it had been pulled. Only what was built or committed
    /// here has a parent; whether it was pushed as well, its registry knows.
    /// </summary>
    public async Task<bool> IsBuiltHereAsync(string imageId, CancellationToken ct) =>
        containerdStore && (await InspectAsync(imageId, ct).ConfigureAwait(false))?["Parent"].Text() is { Length: > 0 };

    private static ImmutableArray<Digest> Digests(JsonObject inspect, ImageReference? image) =>
    [
        .. inspect["RepoDigests"].Texts()
            .Select(text => ImageReference.TryParse(text, out var reference) ? reference : null)
            .Where(reference => reference?.Digest is not null && (image is null || reference.LocalName == image.LocalName))
            .Select(reference => reference!.Digest!.Value).Distinct(),
    ];

    private async Task<JsonObject?> InspectAsync(string idOrReference, CancellationToken ct)
    {
        if (!known.TryGetValue(idOrReference, out var inspect))
        {
            inspect = await engine.InspectImageAsync(idOrReference, ct).ConfigureAwait(false);
            known[idOrReference] = inspect;
        }

        return inspect;
    }
}
