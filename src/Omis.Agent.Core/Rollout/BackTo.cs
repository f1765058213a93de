using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Rollout;

/// <summary>Which digests a person means who wants to go back. Pure; records are a project's committed rollouts, newest first.</summary>
internal static class BackTo
{
    /// <summary>Shorter than this, hexadecimal digits are more likely a mistake than a digest.</summary>
    private const int FewestDigits = 6;

    /// <summary>What ran before the last rollout that changed an image; for services that were named, before the last that changed theirs.</summary>
    /// <returns>Null for a service that ran an image without a digest, one that came from no registry.</returns>
    public static ImmutableDictionary<string, Digest?> Before(ImmutableArray<RolloutRecord> records, ImmutableArray<string> services)
    {
        var last = services.IsEmpty
            ? records.Select(record => Changes(record).ToImmutableArray()).FirstOrDefault(changes => !changes.IsEmpty, [])
            : [.. services.Distinct().Select(service => Steps(records, service).FirstOrDefault()).OfType<StepRecord>()];
        return last.ToImmutableDictionary(step => step.Service, step => step.From);
    }

    /// <summary>What each service ran when that rollout had committed.</summary>
    /// <returns>Null where there is no such rollout.</returns>
    public static ImmutableDictionary<string, Digest>? After(string rollout, ImmutableArray<RolloutRecord> records, IEnumerable<string> services)
    {
        var at = records.Select(record => record.Id).ToImmutableArray().IndexOf(rollout);
        if (at < 0)
        {
            return null;
        }

        var (newer, older) = (records[..at], records[at..]);
        return services.Select(service => (service, digest: Steps(older, service).FirstOrDefault()?.To ?? Steps(newer, service).LastOrDefault()?.From))
            .Where(pair => pair.digest is not null)
            .ToImmutableDictionary(pair => pair.service, pair => pair.digest!.Value);
    }

    /// <summary>The digest that begins like this, for each service that ever had it.</summary>
    /// <param name="kept">Digests kept on the machine, by service.</param>
    public static ImmutableDictionary<string, Digest> Digest(string text, ImmutableArray<RolloutRecord> records, ImmutableDictionary<string, ImmutableArray<Digest>> kept)
    {
        var found = kept.ToImmutableDictionary(service => service.Key, service => service.Value
            .Concat(Steps(records, service.Key).SelectMany(step => (Digest?[])[step.From, step.To]).OfType<Digest>())
            .Where(digest => IsMeant(text, digest)).Distinct().ToImmutableArray());
        return found.Values.SelectMany(digests => digests).Distinct().Count() > 1
            ? throw new UnknownWorkloadException($"'{text}' may be any of {string.Join(", ", found.Values.SelectMany(digests => digests).Distinct().Select(digest => digest.Brief))}; give more digits")
            : found.Where(service => !service.Value.IsEmpty).ToImmutableDictionary(service => service.Key, service => service.Value[0]);
    }

    private static bool IsMeant(string text, Digest digest)
    {
        var colon = digest.Value.IndexOf(':', StringComparison.Ordinal);
        var digits = text.Contains(':', StringComparison.Ordinal) ? text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..] : text;
        return digits.Length >= FewestDigits && digest.Value[(colon + 1)..].StartsWith(digits, StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<StepRecord> Changes(RolloutRecord record) =>
        record.Steps.Where(step => step is { Action: StepAction.Recreate, To: not null } && step.From != step.To);

    private static IEnumerable<StepRecord> Steps(ImmutableArray<RolloutRecord> records, string service) =>
        records.SelectMany(Changes).Where(step => step.Service == service);
}
