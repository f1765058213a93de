using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;
using Spectre.Console.Rendering;

namespace Omis.Agent.Rendering;

/// <summary>Digests that failed here.</summary>
internal static class QuarantineView
{
    private static readonly string[] Headings = ["DIGEST", "WORKLOAD", "IMAGE", "SINCE", "REASON"];

    public static IRenderable List(ImmutableArray<QuarantinedDigest> entries, TimeZoneInfo zone) =>
        entries.IsEmpty ? Look.Line("no digest is quarantined") : Look.Table(Headings, entries.Select(entry => Row(entry, zone)));

    public static IRenderable Cleared(ImmutableArray<QuarantinedDigest> entries) =>
        Look.Line(entries.IsEmpty
            ? "no digest was quarantined"
            : $"cleared {string.Join(", ", entries.Select(entry => $"{entry.Digest.Brief} ({entry.Workload})"))}; the next check tries again");

    private static IRenderable[] Row(QuarantinedDigest entry, TimeZoneInfo zone) =>
    [
        Look.Cell(entry.Digest), Look.Cell($"{entry.Workload}"), Look.Cell(entry.Image), Look.Cell(Words.Time(entry.At, zone)),
        Look.Cell($"{entry.Reason.Code.Text()}: {entry.Reason.Detail}"),
    ];
}
