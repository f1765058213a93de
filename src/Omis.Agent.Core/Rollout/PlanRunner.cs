using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Probing;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Rollout;

/// <summary>
/// Carries out one rollout: everything is pulled, everything is staged, then wave after wave is swapped and proven,
/// the whole is soaked and committed. The first failure after the first touch takes all of it back.
/// </summary>
public sealed partial class PlanRunner(ITarget target, StepRunner steps, Soaker soaker, Committer committer, Reverter reverter, ILogger<PlanRunner> logger)
{
    /// <returns>What became of it.</returns>
    public async Task<RolloutRecord> RunAsync(RolloutLog log, ImmutableArray<Subject> neighbours, CancellationToken ct)
    {
        using var scope = logger.BeginScope(Scope(log));
        log.Tell(new RolloutEvent.Began(log.Header));
        var failure = await AttemptAsync(log, () => ForwardAsync(log, neighbours, ct), ct).ConfigureAwait(false);
        return failure is null
            ? await committer.FinishAsync(log).ConfigureAwait(false)
            : await reverter.RevertAsync(log, failure).ConfigureAwait(false);
    }

    /// <summary>
    /// The rest of a rollout whose containers are all in place: prove, soak, commit, or go back. What fails now may have
    /// been harmed by the interruption, so it counts against no image.
    /// </summary>
    public async Task<RolloutRecord> ResumeAsync(RolloutLog log, CancellationToken ct)
    {
        using var scope = logger.BeginScope(Scope(log));
        var failure = await AttemptAsync(log, () => ProveAndCommitAsync(log, ct), ct).ConfigureAwait(false);
        return failure is null
            ? await committer.FinishAsync(log).ConfigureAwait(false)
            : await reverter.RevertAsync(log, failure with { ImageFault = false }).ConfigureAwait(false);
    }

    /// <summary>Every line that is logged meanwhile tells which rollout it belongs to.</summary>
    private static KeyValuePair<string, object>[] Scope(RolloutLog log) => [new("Rollout", log.Header.Id), new("Project", log.Header.Project)];

    private async Task<Failure?> ForwardAsync(RolloutLog log, ImmutableArray<Subject> neighbours, CancellationToken ct)
    {
        var fetched = await target.FetchAsync(log.Header.Steps, new Relay(log), ct).ConfigureAwait(false);
        if (fetched is FetchOutcome.Failed missing)
        {
            return new Failure(null, missing.Code, $"{missing.Workload.Service}: {missing.Detail}", ImageFault: false);
        }

        var well = await soaker.WellAsync(log.Header.Project, neighbours, ct).ConfigureAwait(false);
        var images = ((FetchOutcome.Ready)fetched).Images;
        await log.WriteAsync(new JournalEntry.Started(log.Header with { Origins = [.. images.Select(image => new StepOrigins(image.Key, image.Value.OldOrigin, image.Value.NewOrigin))] }), ct).ConfigureAwait(false);
        return await EachAsync(log, step => steps.StageAsync(log, step, images.GetValueOrDefault(step.Workload), ct)).ConfigureAwait(false)
            ?? await EachAsync(log, step => steps.SwapAsync(log, step, ct)).ConfigureAwait(false)
            ?? await SoakAndCommitAsync(log, well, ct).ConfigureAwait(false);
    }

    private async Task<Failure?> ProveAndCommitAsync(RolloutLog log, CancellationToken ct)
    {
        foreach (var replica in log.State.Replicas)
        {
            if (await steps.ProveAgainAsync(log, replica, ct).ConfigureAwait(false) is { } failure)
            {
                return failure;
            }
        }

        return await SoakAndCommitAsync(log, [], ct).ConfigureAwait(false);
    }

    private async Task<Failure?> SoakAndCommitAsync(RolloutLog log, ImmutableArray<Subject> neighbours, CancellationToken ct)
    {
        var failure = await soaker.SoakAsync(log, neighbours, ct).ConfigureAwait(false);
        if (failure is null)
        {
            await log.WriteAsync(new JournalEntry.Committed(), ct).ConfigureAwait(false);
        }

        return failure;
    }

    private static async Task<Failure?> EachAsync(RolloutLog log, Func<Step, Task<Failure?>> take)
    {
        foreach (var step in log.Header.Steps)
        {
            if (await take(step).ConfigureAwait(false) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private async Task<Failure?> AttemptAsync(RolloutLog log, Func<Task<Failure?>> attempt, CancellationToken ct)
    {
        try
        {
            return await attempt().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return new Failure(null, ReasonCode.Cancelled, "the agent was told to stop", ImageFault: false);
        }
        catch (EnvironmentException fault)
        {
            return new Failure(null, fault.Code, fault.Message, ImageFault: false);
        }
#pragma warning disable CA1031 // Whatever it was, a container may be half swapped: going back comes before crashing.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Unexpected(logger, log.Header.Project, log.Header.Id, fault);
            return new Failure(null, ReasonCode.Interrupted, $"{fault.GetType().Name}: {fault.Message}", ImageFault: false);
        }
    }

    private sealed class Relay(RolloutLog log) : IProgress<PullProgress>
    {
        public void Report(PullProgress value) => log.Tell(new RolloutEvent.Pulling(value));
    }

    [LoggerMessage(1001, LogLevel.Error, "Rollout {Rollout} of {Project} met an unexpected fault")]
    private static partial void Unexpected(ILogger logger, string project, string rollout, Exception fault);
}
