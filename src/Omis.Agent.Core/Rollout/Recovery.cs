using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Rollout;

/// <summary>
/// At every start and before every cycle: ends what the journal shows half done. Forward where every new container was
/// already in its place and proves healthy, back otherwise; an interruption counts against no image.
/// </summary>
public sealed partial class Recovery(IJournal journal, PlanRunner runner, Committer committer, Reverter reverter, RolloutIds ids, ILogger<Recovery> logger)
{
    public async Task<ImmutableArray<RolloutRecord>> RunAsync(IProgress<RolloutEvent> progress, CancellationToken ct)
    {
        var records = ImmutableArray.CreateBuilder<RolloutRecord>();
        foreach (var open in await journal.OpenAsync(ct).ConfigureAwait(false))
        {
            if (JournalReplay.Fold(open.Entries) is { } state)
            {
                Found(logger, state.Header.Project, open.Id);
                records.Add(await EndAsync(state, progress, ct).ConfigureAwait(false));
            }
        }

        return records.ToImmutable();
    }

    private Task<RolloutRecord> EndAsync(RolloutState state, IProgress<RolloutEvent> progress, CancellationToken ct)
    {
        var recovered = state with { Header = state.Header with { Trigger = Trigger.Recovery } };
        var log = new RolloutLog(journal, recovered, progress) { RecordId = state.WasStuck ? ids.Next() : state.Header.Id };
        log.Tell(new RolloutEvent.Began(log.Header));
        return state.Committed ? committer.FinishAsync(log)
            : CanGoForward(state) ? runner.ResumeAsync(log, ct)
            : reverter.RevertAsync(log, state.Failure ?? new Failure(null, ReasonCode.Interrupted, "the agent ended in the middle of the rollout", ImageFault: false));
    }

    private static bool CanGoForward(RolloutState state) =>
        state.Failure is null
        && state.Replicas.Length == state.Header.Steps.Sum(step => step.Replicas.Length)
        && state.Replicas.All(replica => replica.Phase is ReplicaPhase.Swapped or ReplicaPhase.Proven);

    [LoggerMessage(1021, LogLevel.Warning, "Rollout {Rollout} of {Project} was not ended; ending it now")]
    private static partial void Found(ILogger logger, string project, string rollout);
}
