using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Engine;

namespace Omis.Agent.Targets.Compose;

/// <summary>Images on the machine that a workload can go back to.</summary>
internal sealed class KeptImages(EngineClient engine, PreviousImages previous) : IKeptImages
{
    public async Task<ImmutableArray<Digest>> KeptAsync(Workload workload, CancellationToken ct)
    {
        if (!ImageReference.TryParse(workload.Image, out var image))
        {
            return [];
        }

        var index = new ImageIndex(engine, await engine.ContainerdImageStoreAsync(ct).ConfigureAwait(false));
        var digests = ImmutableArray.CreateBuilder<Digest>();
        foreach (var id in await previous.ListAsync(image, workload.Id.Service, ct).ConfigureAwait(false))
        {
            digests.AddRange((await index.DigestsAsync(id, image, ct).ConfigureAwait(false)).Take(1));
        }

        return digests.ToImmutable();
    }

    public async Task<LocalCopy?> FindAsync(Workload workload, Digest digest, CancellationToken ct)
    {
        if (!ImageReference.TryParse(workload.Image, out var image) || await InspectAsync(image, workload.Id.Service, digest, ct).ConfigureAwait(false) is not { } found)
        {
            return null;
        }

        var running = await engine.InspectImageAsync(workload.Replicas[0].ImageId, ct).ConfigureAwait(false);
        return new LocalCopy(found["Id"].Text()!, Foreign(found, running));
    }

    /// <summary>By its digest in its own repository, or under a tag of ours whose digest the engine has lost.</summary>
    public async Task<JsonObject?> InspectAsync(ImageReference image, string service, Digest digest, CancellationToken ct)
    {
        if (await engine.InspectImageAsync(image.At(digest), ct).ConfigureAwait(false) is { } found)
        {
            return found;
        }

        // The containerd store's image IDs are the digests: there a tag alone tells which one it is.
        var kept = await previous.ListAsync(image, service, ct).ConfigureAwait(false);
        return kept.Contains(digest.Value) ? await engine.InspectImageAsync(digest.Value, ct).ConfigureAwait(false) : null;
    }

    /// <returns>How the image's platform differs from the running one's, or null.</returns>
    public static string? Foreign(JsonObject image, JsonObject? running)
    {
        var (had, has) = (Platform(running), Platform(image));
        return running is null || had == has ? null : $"is for {has}; what runs is for {had}";
    }

    /// <summary>Without the variant, which not every image tells.</summary>
    public static string Platform(JsonObject? image) => $"{image?["Os"].Text()}/{image?["Architecture"].Text()}";
}
