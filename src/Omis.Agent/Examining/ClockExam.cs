using System.Collections.Immutable;
using Omis.Agent.Rendering;

namespace Omis.Agent.Examining;

/// <summary>
/// Whether this machine's clock agrees with the registries': tokens of another time are refused, and certificates seem
/// to have run out. A registry's Date has whole seconds, and its answer took a moment to get here.
/// </summary>
internal static class ClockExam
{
    private static readonly TimeSpan Unwise = TimeSpan.FromSeconds(30);

    /// <summary>What servers usually forgive a token. Source: RFC 7519 §4.1.4 ("a few minutes"), Entra ID's five.</summary>
    private static readonly TimeSpan Harmful = TimeSpan.FromMinutes(5);

    /// <param name="registries">How far each registry's clock was ahead of this machine's when it answered.</param>
    public static Finding Examine(ImmutableArray<TimeSpan> registries)
    {
        if (registries.IsEmpty)
        {
            return Finding.Skipped("clock", "this machine", "no registry told its time", "see the registries first");
        }

        // The one that is nearest: one registry may be wrong, this machine's clock is wrong against all of them.
        var skew = registries.MinBy(skew => skew.Duration());
        var text = $"is {Words.Span(skew.Duration())} {(skew > TimeSpan.Zero ? "behind" : "ahead of")} the registries'";
        const string Remedy = "have it set: timedatectl set-ntp true";
        return skew.Duration() >= Harmful ? Finding.Failed("clock", "this machine", text, Remedy)
            : skew.Duration() >= Unwise ? Finding.Warning("clock", "this machine", text, Remedy)
            : Finding.Ok("clock", "this machine", "agrees with the registries'");
    }
}
