using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Omis.Agent.Rendering;

/// <summary>How one rollout ended: the outcome, each service's time down, why it failed, what runs now, what to do next.</summary>
internal static class RolloutView
{
    private static readonly string[] Headings = ["SERVICE", "ACTION", "FROM", "TO", "OUTCOME", "DOWN", "BACK AFTER"];

    public static IRenderable Of(RolloutRecord record) => new Rows(
    [
        Look.Line($"{record.Project}: {Words.Camel(record.Outcome)}{Took(record)}", Look.StyleOf(record.Outcome)),
        .. record.Reason is { } reason ? [Look.Line($"because {reason.Code.Text()}: {reason.Detail}", indent: 2)] : Array.Empty<IRenderable>(),
        .. record.Steps.IsEmpty ? Array.Empty<IRenderable>() : [Look.Indented(Look.Table(Headings, record.Steps.Select(Row)), 2)],
        .. record.Steps.SelectMany(Logs),
        .. NextSteps.Of(record) is { } next ? [Look.Line($"next: {next}", Look.Strong, indent: 2)] : Array.Empty<IRenderable>(),
    ]);

    private static string Took(RolloutRecord record) =>
        record.Outcome == Outcome.Refused ? "" : $" after {Words.Span(record.EndedAt - record.StartedAt)}";

    private static IRenderable[] Row(StepRecord step) =>
    [
        Look.Cell(step.Service), Look.Cell(Words.Camel(step.Action)), Look.Cell(step.From), Look.Cell(step.To), Look.Outcome(step.Outcome),
        Look.Cell(Words.Milliseconds(step.DownMs)), Look.Cell(Words.Milliseconds(step.RevertMs)),
    ];

    private static IEnumerable<IRenderable> Logs(StepRecord step)
    {
        if (step.ExitCode is null && step.LogTail is null or [])
        {
            return [];
        }

        var exit = step.ExitCode is { } code ? $"exit code {code}" : "did not exit by itself";
        return
        [
            Look.Line($"the new {step.Service} ({exit}) said last:", indent: 2),
            .. (step.LogTail ?? []).Select(line => Look.Line($"| {line}", Look.Faint, indent: 4)),
        ];
    }
}
