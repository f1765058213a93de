using System.Collections.Immutable;
using Omis.Agent.Core.Gating;
using Spectre.Console.Rendering;

namespace Omis.Agent.Rendering;

internal static class PauseView
{
    public static IRenderable Paused(Pause pause, TimeZoneInfo zone) =>
        Look.Line($"{Text(pause, zone)}; checks go on, nothing is touched");

    public static IRenderable Resumed(ImmutableArray<Pause> ended) =>
        Look.Line(ended.IsEmpty ? "nothing was paused" : $"resumed {string.Join(", ", ended.Select(Name))}");

    /// <summary><c>omis-pc is paused until 2026-05-01 12:00:00 by ann: release</c></summary>
    public static string Text(Pause pause, TimeZoneInfo zone) =>
        $"{Name(pause)} is paused"
        + (pause.Until is { } until ? $" until {Words.Time(until, zone)}" : " until resumed")
        + (pause.Actor is { } actor ? $" by {actor}" : "")
        + (pause.Reason is { } reason ? $": {reason}" : "");

    private static string Name(Pause pause) => pause.Project ?? "everything";
}
