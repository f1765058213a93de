using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;

namespace Omis.Agent.Core.Checking;

/// <summary>What to ask a registry for, and what runs of it.</summary>
public sealed record ImageQuestion(ImageReference Image, ImmutableArray<Replica> Live);

/// <summary>One question per distinct reference, all at once; the registry adapter bounds what reaches one host.</summary>
public sealed class UpdateChecker(IImageRegistry registry)
{
    public async Task<ImmutableDictionary<ImageReference, RegistryAnswer>> CheckAsync(IEnumerable<ImageQuestion> questions, CancellationToken ct)
    {
        var asked = questions.GroupBy(question => question.Image, question => question.Live)
            .Select(async image => (image.Key, answer: await AskAsync(image.Key, [.. image.SelectMany(live => live)], ct).ConfigureAwait(false)));
        var answers = await Task.WhenAll(asked).ConfigureAwait(false);
        return answers.ToImmutableDictionary(pair => pair.Key, pair => pair.answer);
    }

    /// <summary>
    /// A tag of several platforms names an index, but what was pulled by the digest of its own platform is known by that
    /// digest alone: it is no update, and only the index tells. Where the index cannot be read the pull will meet the same,
    /// and must, so that it holds back the services that were released with this one.
    /// </summary>
    private async Task<RegistryAnswer> AskAsync(ImageReference image, ImmutableArray<Replica> live, CancellationToken ct)
    {
        var answer = await registry.LatestAsync(image, ct).ConfigureAwait(false);
        return answer is RegistryAnswer.Found { Platforms: null } found && live.Any(replica => !replica.Digests.IsEmpty && !replica.Digests.Contains(found.Digest))
            && await registry.LookInsideAsync(image, found, ct).ConfigureAwait(false) is RegistryAnswer.Found inside
            ? inside
            : answer;
    }
}
