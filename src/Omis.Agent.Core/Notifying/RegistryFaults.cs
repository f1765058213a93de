using System.Collections.Immutable;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Notifying;

/// <summary>Which registries were down in a cycle. One that breaks is told once, and not once for each service whose image it has. Pure.</summary>
public static class RegistryFaults
{
    /// <summary>A registry is down where every question to it failed, and not because of what was asked for.</summary>
    /// <returns>By registry that was asked; null where it answered at all.</returns>
    public static ImmutableDictionary<string, Reason?> Of(ImmutableDictionary<ImageReference, RegistryAnswer> answers) =>
        answers.GroupBy(pair => pair.Key.Registry, pair => pair.Value).ToImmutableDictionary(
            registry => registry.Key,
            registry => registry.All(answer => answer is RegistryAnswer.Failed failed && IsItsOwn(failed.Code)) && registry.First() is RegistryAnswer.Failed first ? new Reason(first.Code, first.Detail) : null);

    /// <summary>True where a refusal says no more than that its registry is down, which is told by itself.</summary>
    public static bool Explain(RolloutRecord refused, ImmutableHashSet<string> down) =>
        refused is { Reason.Code: var code, Steps: [{ Image: { } image }] } && IsItsOwn(code)
        && ImageReference.TryParse(image, out var reference) && down.Contains(reference.Registry);

    private static bool IsItsOwn(ReasonCode code) => code is ReasonCode.RegistryUnavailable or ReasonCode.RegistryUnauthorized or ReasonCode.RateLimited;
}
