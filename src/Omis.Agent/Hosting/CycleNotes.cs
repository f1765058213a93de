using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Hosting;

/// <summary>What <c>status</c> will know of a cycle after its process has ended.</summary>
internal static partial class CycleNotes
{
    public static async Task KeepAsync(IServiceBoard board, CycleReport report, CycleRequest request, ILoggerFactory logging)
    {
        if (request.Back is not null)
        {
            // It looked at no registry: what the last cycle found there is still the latest news.
            return;
        }

        try
        {
            var before = await board.LastAsync(CancellationToken.None);
            await board.PutAsync(After(before, report, request), CancellationToken.None);
        }
        catch (EnvironmentException fault)
        {
            NotKept(logging.CreateLogger(typeof(CycleNotes)), fault.Message);
        }
    }

    /// <summary>A cycle for one project or some images, or one that ended early, says nothing about the others: what was known of them stays.</summary>
    public static LastCycle After(LastCycle? before, CycleReport report, CycleRequest request)
    {
        ImmutableArray<WorkloadId> seen = [.. (report.Seen ?? []).Select(workload => new WorkloadId(workload.Project, workload.Service))];
        ImmutableArray<Skip> blocked = [.. (report.Plan?.Skipped ?? []).Where(skip => skip.Reason.IsRefusal()).Select(skip => new Skip(new WorkloadId(skip.Project, skip.Service), skip.Reason, skip.Detail))];
        var whole = request.IsWhole && report.Plan is not null;
        var others = (before?.Seen ?? []).Where(id => !whole && !seen.Contains(id)).ToImmutableHashSet();
        return new LastCycle(
            report.Cycle,
            report.StartedAt,
            report.Error,
            [.. others.Concat(seen).Order(WorkloadId.ByName)],
            [.. (before?.Blocked ?? []).Where(skip => others.Contains(skip.Workload)).Concat(blocked).OrderBy(skip => skip.Workload, WorkloadId.ByName)]);
    }

    [LoggerMessage(5001, LogLevel.Warning, "How the cycle went could not be kept for 'status': {Problem}")]
    private static partial void NotKept(ILogger logger, string problem);
}
