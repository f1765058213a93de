using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Recording;
using Omis.Agent.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Omis.Agent.Rendering;

/// <summary>What the service is at, project by project.</summary>
internal static class StatusView
{
    private static readonly string[] Headings = ["PROJECT", "STATE", "WHY"];

    public static IRenderable Of(StatusReport report, DateTimeOffset now, TimeZoneInfo zone) => new Rows(
    [
        Look.Columns(2, Head(report, now, zone).Select(line => (IRenderable[])[Look.Cell(line.Name, Look.Faint), Look.Cell(line.Text, line.Style)])),
        .. report.Projects.IsEmpty ? Array.Empty<IRenderable>() : [Look.Line(""), Look.Table(Headings, report.Projects.SelectMany(Rows))],
    ]);

    private static IEnumerable<(string Name, string Text, Style? Style)> Head(StatusReport report, DateTimeOffset now, TimeZoneInfo zone)
    {
        yield return ("service", Words.Camel(report.Service) + (report.Pid is { } pid ? $" (pid {pid})" : ""), report.Service == ServiceActivity.Stopped ? Look.Warn : Look.Good);
        yield return ("next check", report.NextCheckAt is { } next ? $"{Words.Time(next, zone)}{In(next - now)}" : "-", null);
        foreach (var problem in report.ConfigRefused ?? [])
        {
            yield return ("config", $"refused, the one before is in force: {problem}", Look.Bad);
        }

        yield return ("last cycle", report.LastCycle is { } last ? Words.Time(last.At, zone) : "-", null);
        if (report.LastCycle?.Error is { } error)
        {
            yield return ("", $"{error.Code.Text()}: {error.Detail}", Look.Bad);
        }

        foreach (var aside in report.SetAside.IsDefault ? [] : report.SetAside)
        {
            yield return ("set aside", $"{aside} was damaged; look at it, then remove it", Look.Bad);
        }

        foreach (var pause in report.Pauses)
        {
            yield return ("paused", PauseView.Text(pause, zone), Look.Warn);
        }

        foreach (var backlog in report.Notices ?? [])
        {
            yield return Unsent(backlog, now);
        }
    }

    private static (string, string, Style?) Unsent(Backlog backlog, DateTimeOffset now) =>
        ("notices", $"{backlog.Waiting} for {backlog.Channel}, the oldest since {Words.Span(now - backlog.Oldest)}{(backlog.Problem is { } problem ? $": {problem}" : "")}", Look.Warn);

    private static string In(TimeSpan wait) => wait > TimeSpan.Zero ? $" (in {Words.Span(wait)})" : "";

    private static IEnumerable<IRenderable[]> Rows(ProjectStatus project)
    {
        string?[] why =
        [
            .. project.Detail is { } detail ? [$"rollout {project.Rollout} is stuck: {detail}"] : Array.Empty<string>(),
            .. project.Blocked.Select(blocked => $"{blocked.Service}: {blocked.Reason.Text()}: {blocked.Detail}"),
            .. project.Parked.Select(parked => $"parked: {parked.Name} ({parked.Service}, {Short(parked.ContainerId)})"),
        ];
        return (why is [] ? [null] : why).Select((line, i) => (IRenderable[])
        [
            Look.Cell(i == 0 ? project.Project : ""), Look.Cell(i == 0 ? Words.Camel(project.State) : "", StyleOf(project.State)), Look.Cell(line),
        ]);
    }

    private static string Short(string containerId) => containerId.Length > 12 ? containerId[..12] : containerId;

    private static Style? StyleOf(ProjectState state) => state switch
    {
        ProjectState.Idle => Look.Good,
        ProjectState.Stuck or ProjectState.Interrupted => Look.Bad,
        _ => Look.Warn,
    };
}
