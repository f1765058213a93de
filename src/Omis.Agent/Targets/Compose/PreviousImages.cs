using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Engine;

namespace Omis.Agent.Targets.Compose;

/// <summary>
/// The images that ran before, under tags of our own, which also keep them from <c>docker image prune</c>:
/// <c>omis-previous-SERVICE</c>, then <c>-2</c>, <c>-3</c> for older ones. Each method makes the list that there should be
/// from the one that there is, and never takes the last tag from an image that stays in it, so that it can be repeated
/// from any half of itself. What is removed loses our tag only: the engine keeps an image that has another name or a container.
/// </summary>
internal sealed class PreviousImages(EngineClient engine)
{
    /// <summary>
    /// Before a rollout: what runs now comes first; the list is one or more longer than what is kept, so that a revert can
    /// put it back. What is older than that goes: commits whose journal was lost have left it, one more each.
    /// </summary>
    /// <param name="nextId">What the rollout goes to, wherever in the list it is.</param>
    public async Task PushAsync(ImageReference image, string service, ImmutableArray<string> runningIds, string nextId, int keep, CancellationToken ct)
    {
        var there = await ListAsync(image, service, ct).ConfigureAwait(false);
        var before = there.Where(id => !runningIds.Contains(id)).Distinct().Where((id, place) => place < keep || id == nextId);
        ImmutableArray<string> wanted = [.. runningIds.Distinct(), .. before];

        // From the bottom up: each image has its new place before another takes its old one.
        for (var place = wanted.Length; place >= 1; place--)
        {
            await PutAsync(image, service, place, wanted, there, ct).ConfigureAwait(false);
        }

        await CutAsync(image, service, there.Length, wanted.Length, ct).ConfigureAwait(false);
    }

    /// <summary>After a rollout: what runs is no previous one, and of the others so many are kept.</summary>
    public async Task SettleAsync(ImageReference image, string service, string runningId, int keep, CancellationToken ct)
    {
        var there = await ListAsync(image, service, ct).ConfigureAwait(false);
        ImmutableArray<string> wanted = [.. there.Where(id => id != runningId).Distinct().Take(keep)];

        // In the first places stand only images that are wanted, or run, or stand there twice: none loses its last name here.
        for (var place = 1; place <= wanted.Length; place++)
        {
            await PutAsync(image, service, place, wanted, there, ct).ConfigureAwait(false);
        }

        await CutAsync(image, service, there.Length, wanted.Length, ct).ConfigureAwait(false);
    }

    /// <summary>IDs of what is kept, the newest first.</summary>
    public async Task<ImmutableArray<string>> ListAsync(ImageReference image, string service, CancellationToken ct)
    {
        var ids = ImmutableArray.CreateBuilder<string>();
        while ((await engine.InspectImageAsync(Name(image, service, ids.Count + 1), ct).ConfigureAwait(false))?["Id"].Text() is { } id)
        {
            ids.Add(id);
        }

        return ids.ToImmutable();
    }

    private async Task CutAsync(ImageReference image, string service, int from, int to, CancellationToken ct)
    {
        for (var place = from; place > to; place--)
        {
            await engine.RemoveImageAsync(Name(image, service, place), ct).ConfigureAwait(false);
        }
    }

    private Task PutAsync(ImageReference image, string service, int place, ImmutableArray<string> wanted, ImmutableArray<string> there, CancellationToken ct) =>
        place <= there.Length && there[place - 1] == wanted[place - 1]
            ? Task.CompletedTask
            : engine.TagAsync(wanted[place - 1], image.LocalName, Tag(service, place), ct);

    private static string Name(ImageReference image, string service, int place) => $"{image.LocalName}:{Tag(service, place)}";

    private static string Tag(string service, int place) => $"omis-previous-{service}" + (place == 1 ? "" : $"-{place}");
}
