using System.Collections.Immutable;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Rollout;

/// <summary>From a rollout's state to what history keeps of it. Pure.</summary>
public static class RecordOf
{
    public static RolloutRecord Rollout(RolloutState state, Outcome outcome, DateTimeOffset endedAt) => new()
    {
        Id = state.Header.Id,
        Project = state.Header.Project,
        Kind = state.Header.Kind,
        Trigger = state.Header.Trigger,
        Actor = state.Header.Actor,
        Comment = state.Header.Comment,
        Outcome = outcome,
        Reason = state.Failure is { } failure && outcome != Outcome.Committed ? new Reason(failure.Code, Detail(state, failure)) : null,
        StartedAt = state.Header.StartedAt,
        EndedAt = endedAt,
        Steps = [.. state.Header.Steps.Select(step => Step(state, step, outcome))],
    };

    /// <summary>The digests to blame: the failed replica's own, or every new one where the set failed together.</summary>
    public static ImmutableArray<QuarantinedDigest> Quarantine(RolloutState state, DateTimeOffset at) =>
        state.Failure is not { ImageFault: true } failure
            ? []
            :
            [
                .. state.Header.Steps
                    .Where(step => step.ChangesImage && (failure.Key is null || Owns(state, step, failure.Key)))
                    .Select(step => new QuarantinedDigest(step.To!.Value, step.Image, step.Workload, new Reason(failure.Code, failure.Detail), state.Header.Id, at)),
            ];

    private static string Detail(RolloutState state, Failure failure) =>
        state.Stuck is { } stuck ? $"{failure.Detail}; going back failed: {stuck}" : failure.Detail;

    private static StepRecord Step(RolloutState state, Step step, Outcome outcome)
    {
        var replicas = state.Replicas.Where(replica => replica.Undo.Workload == step.Workload).ToImmutableArray();
        var touched = replicas.Any(replica => replica.Phase >= ReplicaPhase.Swapping) || (state.Failure?.Key is { } key && Owns(state, step, key));
        var origins = state.Header.OriginsOf(step.Workload);
        var evidence = replicas.Select(replica => replica.Evidence).LastOrDefault(evidence => evidence.ExitCode is not null || !evidence.LogTail.IsEmpty);
        return new StepRecord
        {
            Service = step.Workload.Service,
            Action = step.Action,
            From = step.From,
            To = step.To,
            Image = step.Image,
            FromOrigin = replicas.Select(replica => replica.Undo.OldOrigin).FirstOrDefault(origin => origin is not null) ?? origins?.From,
            ToOrigin = replicas.Select(replica => replica.Undo.NewOrigin).FirstOrDefault(origin => origin is not null) ?? origins?.To,
            Outcome = touched || outcome == Outcome.Committed ? outcome : Outcome.Untouched,
            DownMs = replicas.Max(replica => replica.DownMs),
            RevertMs = replicas.Max(replica => replica.RevertMs),
            ExitCode = evidence?.ExitCode,
            LogTail = evidence?.LogTail,
        };
    }

    private static bool Owns(RolloutState state, Step step, string key) =>
        state.Replicas.Any(replica => replica.Undo.Key == key && replica.Undo.Workload == step.Workload);
}
