using Omis.Agent.Core.Naming;

namespace Omis.Agent.Commands;

/// <summary>Which digest a person means, who has only seen its first twelve digits in a table.</summary>
internal static class DigestChoice
{
    /// <exception cref="UsageException">None of them begins like this, or more than one does.</exception>
    public static Digest Of(string text, IEnumerable<Digest> digests)
    {
        Digest[] known = [.. digests.Distinct()];
        Digest[] meant = [.. known.Where(digest => text.Length > 0 && (digest.Value.StartsWith(text, StringComparison.Ordinal) || Hex(digest).StartsWith(text, StringComparison.Ordinal)))];
        return meant switch
        {
            [var one] => one,
            [] => throw new UsageException($"no digest '{text}' is quarantined; there are: {List(known)}"),
            _ => throw new UsageException($"'{text}' may be any of {List(meant)}; give more digits"),
        };
    }

    private static string Hex(Digest digest) => digest.Value[(digest.Value.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private static string List(Digest[] digests) => digests.Length == 0 ? "none" : string.Join(", ", digests.Select(digest => digest.Brief));
}
