using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Engine;

namespace Omis.Agent.Targets.Compose;

/// <summary>
/// The images that ran before, under tags of our own: <c>omis-previous-SERVICE</c>, then <c>-2</c>, <c>-3</c> for older
/// ones. Each method looks before it moves anything, so that repeating it changes nothing.
/// </summary>
internal sealed class PreviousImages(EngineClient engine)
{
    /// <summary>Before a rollout: what runs now becomes the newest previous image, and the older ones move down.</summary>
    public async Task PushAsync(ImageReference image, string service, string runningId, int keep, CancellationToken ct)
    {
        if (await IdAsync(image, service, 1, ct).ConfigureAwait(false) == runningId)
        {
            return;
        }

        // One more than is kept, so that a revert can put all of them back.
        for (var place = keep; place >= 1; place--)
        {
            if (await IdAsync(image, service, place, ct).ConfigureAwait(false) is { } id)
            {
                await engine.TagAsync(id, image.LocalName, Tag(service, place + 1), ct).ConfigureAwait(false);
            }
        }

        await engine.TagAsync(runningId, image.LocalName, Tag(service, 1), ct).ConfigureAwait(false);
    }

    /// <summary>After a revert: what runs again is no longer a previous one.</summary>
    public async Task PopAsync(ImageReference image, string service, string runningId, CancellationToken ct)
    {
        if (await IdAsync(image, service, 1, ct).ConfigureAwait(false) != runningId)
        {
            return;
        }

        var place = 1;
        while (await IdAsync(image, service, place + 1, ct).ConfigureAwait(false) is { } older)
        {
            await engine.TagAsync(older, image.LocalName, Tag(service, place), ct).ConfigureAwait(false);
            place++;
        }

        await engine.RemoveImageAsync($"{image.LocalName}:{Tag(service, place)}", ct).ConfigureAwait(false);
    }

    /// <summary>IDs of what is kept, the newest first.</summary>
    public async Task<ImmutableArray<string>> ListAsync(ImageReference image, string service, CancellationToken ct)
    {
        var ids = ImmutableArray.CreateBuilder<string>();
        while (await IdAsync(image, service, ids.Count + 1, ct).ConfigureAwait(false) is { } id)
        {
            ids.Add(id);
        }

        return ids.ToImmutable();
    }

    /// <summary>After a commit: only so many are kept.</summary>
    public async Task TrimAsync(ImageReference image, string service, int keep, CancellationToken ct)
    {
        for (var place = keep + 1; await IdAsync(image, service, place, ct).ConfigureAwait(false) is not null; place++)
        {
            await engine.RemoveImageAsync($"{image.LocalName}:{Tag(service, place)}", ct).ConfigureAwait(false);
        }
    }

    private static string Tag(string service, int place) => $"omis-previous-{service}" + (place == 1 ? "" : $"-{place}");

    private async Task<string?> IdAsync(ImageReference image, string service, int place, CancellationToken ct) =>
        (await engine.InspectImageAsync($"{image.LocalName}:{Tag(service, place)}", ct).ConfigureAwait(false))?["Id"].Text();
}
