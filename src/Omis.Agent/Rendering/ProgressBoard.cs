using System.Collections.Immutable;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Rendering;

/// <summary>Where each service of the rollout that runs now stands: a pure fold over what happens.</summary>
internal sealed record ProgressBoard(string Title, ImmutableArray<ProgressRow> Rows)
{
    private const int BarWidth = 20;

    public static readonly ProgressBoard Empty = new("", []);

    public ProgressBoard Fold(RolloutEvent happening) => happening switch
    {
        RolloutEvent.Began began => new ProgressBoard(ProgressText.Of(began), [.. began.Header.Steps.Select(step => new ProgressRow(step.Workload, "waiting", ""))]),
        RolloutEvent.Pulling { Progress: var progress } => With(progress.Workload, "pulling", Bar(progress)),
        RolloutEvent.Moved moved => With(moved.Workload, Words.Camel(moved.Phase), Printable.Line(moved.Detail)),
        RolloutEvent.Ended => Empty,
        _ => this,
    };

    /// <summary>Each fits on one line: a wrapped one could not be drawn over.</summary>
    public ImmutableArray<string> Lines(int width)
    {
        if (Rows.IsEmpty)
        {
            return [];
        }

        var names = Rows.Max(row => row.Workload.Service.Length);
        return
        [
            Cut(Title, width),
            .. Rows.Select(row => Cut($"  {row.Workload.Service.PadRight(names)}   {row.State.PadRight(9)}   {row.Detail}".TrimEnd(), width)),
        ];
    }

    private ProgressBoard With(WorkloadId workload, string state, string detail) =>
        this with { Rows = [.. Rows.Select(row => row.Workload == workload ? new ProgressRow(workload, state, detail) : row)] };

    private static string Bar(PullProgress progress)
    {
        var full = progress.Total > 0 ? (int)Math.Clamp(BarWidth * progress.Current / progress.Total, 0, BarWidth) : 0;
        return $"{new string('█', full)}{new string('░', BarWidth - full)} {ProgressText.Amount(progress)}";
    }

    private static string Cut(string line, int width) => line.Length < width ? line : line[..(width - 2)] + "…";
}

internal sealed record ProgressRow(WorkloadId Workload, string State, string Detail);
