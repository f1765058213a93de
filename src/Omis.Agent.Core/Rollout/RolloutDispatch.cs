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
    /// <param name="standing">Services of a rollback that need no step: they are pinned with the last of its rollouts, or by themselves.</param>
    public async Task<ImmutableArray<RolloutRecord>> RunAsync(
        Plan plan, ImmutableDictionary<WorkloadId, Digest> standing, ImmutableArray<Workload> workloads, CycleRequest request, IProgress<RolloutEvent> progress, CancellationToken ct)
    {
        if (plan.Rollouts.IsEmpty)
        {
            await PinAsync(standing, request, ct).ConfigureAwait(false);
        }

        var records = ImmutableArray.CreateBuilder<RolloutRecord>();
        foreach (var rollout in plan.Rollouts)
        {
            if (ct.IsCancellationRequested)
            {
                break;
            }

            var isLast = rollout == plan.Rollouts[^1];
            var log = new RolloutLog(ledger.Journal, new RolloutState(Header(rollout, isLast ? standing : ImmutableDictionary<WorkloadId, Digest>.Empty, request)), progress);
            records.Add(await runner.RunAsync(log, Neighbours(rollout, workloads), ct).ConfigureAwait(false));
        }

        return records.ToImmutable();
    }

    /// <param name="judged">The workloads that were looked at; all where null.</param>
    public async Task RecordRefusalsAsync(ImmutableArray<Skip> skipped, ImmutableArray<Workload> workloads, ImmutableHashSet<WorkloadId>? judged, CycleRequest request, CancellationToken ct)
    {
        // A stuck rollout stands in history itself; what waits for it needs no line of its own.
        ImmutableArray<Skip> refusals = [.. skipped.Where(skip => IsRefusal(skip.Reason, request) && skip.Reason != ReasonCode.Interrupted)];
        var images = workloads.ToImmutableDictionary(workload => workload.Id, workload => workload.Image);
        if (request.Project is null)
        {
            await ledger.History.ChangedAsync(refusals, judged, skip => Refused(skip, images.GetValueOrDefault(skip.Workload), request), ct).ConfigureAwait(false);
            return;
        }

        // A person who asked for some services is answered each time; what polls found of the others is not forgotten over it.
        foreach (var skip in refusals)
        {
            await ledger.History.AddAsync(Refused(skip, images.GetValueOrDefault(skip.Workload), request), ct).ConfigureAwait(false);
        }
    }

    private RolloutRecord Refused(Skip skip, string? image, CycleRequest request)
    {
        var now = time.GetUtcNow();
        return new RolloutRecord
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
            Steps = [new StepRecord { Service = skip.Workload.Service, Action = StepAction.Recreate, Image = image, Outcome = Outcome.Refused }],
        };
    }

    /// <summary>Who asks to go back is owed an answer also where an update would rightly be silent.</summary>
    private static bool IsRefusal(ReasonCode reason, CycleRequest request) =>
        request.Back is null ? reason.IsRefusal() : reason != ReasonCode.UpToDate;

    private async Task PinAsync(ImmutableDictionary<WorkloadId, Digest> standing, CycleRequest request, CancellationToken ct)
    {
        foreach (var pin in Pins(standing, request, time.GetUtcNow()))
        {
            await ledger.Pins.PinAsync(pin, PinRecord.Of(pin, EntryKind.Pin, ids.Next(), pin.Actor, pin.Reason, pin.Since), ct).ConfigureAwait(false);
        }
    }

    private static IEnumerable<Pin> Pins(IEnumerable<KeyValuePair<WorkloadId, Digest>> there, CycleRequest request, DateTimeOffset now) =>
        there.Select(pair => new Pin(pair.Key, pair.Value, request.Actor, request.Comment, now) { Reached = true });

    private RolloutHeader Header(RolloutPlan rollout, ImmutableDictionary<WorkloadId, Digest> standing, CycleRequest request)
    {
        var now = time.GetUtcNow();
        var gone = rollout.Steps.Where(step => step.ChangesImage).Select(step => KeyValuePair.Create(step.Workload, step.To!.Value));
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
            Pins = request.Back is null ? [] : [.. Pins(gone.Concat(standing), request, now)],
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
