using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Core.Rollout;

/// <summary>Cleans up behind a commit that already stands in the journal; failing here undoes nothing. A call that hangs may hold up an agent that is told to stop for no longer than going back may.</summary>
public sealed partial class Committer(ITarget target, AgentSettings settings, TimeProvider time, ILogger<Committer> logger)
{
    public async Task<RolloutRecord> FinishAsync(RolloutLog log)
    {
        var record = RecordOf.Rollout(log.State, Outcome.Committed, time.GetUtcNow());
        var project = settings.Project(log.Header.Project);
        using var budget = new CancellationTokenSource(project.RevertBudget, time);
        try
        {
            foreach (var replica in log.State.Replicas)
            {
                log.Tell(replica.Undo.Workload, RolloutPhase.Committed);
                await target.FinishAsync(replica.Undo, project.KeepPrevious, budget.Token).ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (fault is EnvironmentException or OperationCanceledException)
        {
            // The next start removes what is parked and closes the rollout.
            Unfinished(logger, log.Header.Project, log.Header.Id, fault);
            log.Tell(new RolloutEvent.Ended(record));
            return record;
        }

        return await log.CloseAsync(record, []).ConfigureAwait(false);
    }

    [LoggerMessage(1011, LogLevel.Warning, "Rollout {Rollout} of {Project} is committed; cleaning up is left to the next start")]
    private static partial void Unfinished(ILogger logger, string project, string rollout, Exception fault);
}
