using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Probing;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Core.Rollout;

/// <summary>Takes the rollouts of a plan one after the other, and remembers what was held back.</summary>
public sealed class RolloutDispatch(PlanRunner runner, Ledger ledger, AgentSettings settings, RolloutIds ids, TimeProvider time)
{
    public async Task<ImmutableArray<RolloutRecord>> RunAsync(Plan plan, ImmutableArray<Workload> workloads, CycleRequest request, IProgress<RolloutEvent> progress, CancellationToken ct)
    {
        var records = ImmutableArray.CreateBuilder<RolloutRecord>();
        foreach (var rollout in plan.Rollouts)
        {
            if (ct.IsCancellationRequested)
            {
                break;
            }

            var log = new RolloutLog(ledger.Journal, new RolloutState(Header(rollout, request)), progress);
            records.Add(await runner.RunAsync(log, Neighbours(rollout, workloads), ct).ConfigureAwait(false));
        }

        return records.ToImmutable();
    }

    public async Task RecordRefusalsAsync(ImmutableArray<Skip> skipped, CycleRequest request, CancellationToken ct)
    {
        // A stuck rollout stands in history itself; what waits for it needs no line of its own.
        ImmutableArray<Skip> refusals = [.. skipped.Where(skip => skip.Reason.IsRefusal() && skip.Reason != ReasonCode.Interrupted)];

        // A person who asked for some services is answered each time; what polls found of the others is not forgotten over it.
        var told = request.Project is null ? await ledger.History.ChangedAsync(refusals, ct).ConfigureAwait(false) : refusals;
        foreach (var skip in told)
        {
            var now = time.GetUtcNow();
            await ledger.History.AddAsync(new RolloutRecord
            {
                Id = ids.Next(),
                Project = skip.Workload.Project,
                Kind = request.Back is null ? null : EntryKind.Rollback,
                Trigger = request.Trigger,
                Actor = request.Actor,
                Comment = request.Comment,
                Outcome = Outcome.Refused,
                Reason = new Reason(skip.Reason, skip.Detail),
                StartedAt = now,
                EndedAt = now,
                Steps = [new StepRecord { Service = skip.Workload.Service, Action = StepAction.Recreate, Outcome = Outcome.Refused }],
            }, ct).ConfigureAwait(false);
        }
    }

    private RolloutHeader Header(RolloutPlan rollout, CycleRequest request)
    {
        var now = time.GetUtcNow();
        return new RolloutHeader
        {
            Id = ids.Next(),
            Project = rollout.Project,
            Kind = request.Back is null ? null : EntryKind.Rollback,
            Trigger = request.Trigger,
            Actor = request.Actor,
            Comment = request.Comment,
            StartedAt = now,
            Steps = [.. rollout.Steps],
            Pins = request.Back is null ? [] : [.. rollout.Steps.Where(step => step.ChangesImage).Select(step => new Pin(step.Workload, step.To!.Value, request.Actor, request.Comment, now) { Reached = true })],
        };
    }

    /// <summary>The rest of the project, which is watched during the soak though it does not change.</summary>
    private ImmutableArray<Subject> Neighbours(RolloutPlan rollout, ImmutableArray<Workload> workloads)
    {
        var changing = rollout.Steps.Select(step => step.Workload).ToHashSet();
        var jobs = Eligibility.OneShots(workloads);
        return
        [
            .. workloads.Where(workload => workload.Id.Project == rollout.Project && !changing.Contains(workload.Id) && !jobs.Contains(workload.Id))
                .SelectMany(workload => workload.Replicas.Where(replica => replica.State == RunState.Running)
                    .Select(replica => new Subject(workload.Id, replica.ContainerId, OneShot: false, settings.HealthFor(workload.Id, workload.Labels)))),
        ];
    }
}
