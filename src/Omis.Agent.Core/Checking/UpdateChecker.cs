using System.Collections.Immutable;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Checking;

/// <summary>One question per distinct reference, all at once; the registry adapter bounds what reaches one host.</summary>
public sealed class UpdateChecker(IImageRegistry registry)
{
    public async Task<ImmutableDictionary<ImageReference, RegistryAnswer>> CheckAsync(IEnumerable<ImageReference> references, CancellationToken ct)
    {
        var asked = references.Distinct().Select(async reference => (reference, answer: await registry.LatestAsync(reference, ct).ConfigureAwait(false)));
        var answers = await Task.WhenAll(asked).ConfigureAwait(false);
        return answers.ToImmutableDictionary(pair => pair.reference, pair => pair.answer);
    }
}
