using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;

namespace Omis.Agent.Core.Planning;

/// <summary>
/// What to do about what is seen. The rules: only what changed is recreated; who shares a namespace or volumes with it
/// is recreated with it; who asked for <c>restart: true</c> is restarted after it; all others are left alone.
/// A transaction that holds a quarantined digest, or a container that cannot be recreated whole, waits as a whole: its services were released together.
/// </summary>
public static class Planner
{
    public static Plan Plan(PlanInput input)
    {
        var oneShots = Eligibility.OneShots(input.Workloads);
        var order = new DependencyOrder(input.Workloads);
        var units = Transactions.Of(input.Workloads, input.Policies).ToImmutableArray();

        var rollouts = ImmutableArray.CreateBuilder<RolloutPlan>();
        var skipped = ImmutableArray.CreateBuilder<Skip>();
        foreach (var unit in units)
        {
            var verdicts = unit.Where(workload => input.IsChosen(workload.Id))
                .Select(workload => Verdict.Of(workload, input, oneShots.Contains(workload.Id))).ToImmutableArray();
            skipped.AddRange(verdicts.OfType<Verdict.Leave>().Select(leave => leave.Skip));
            if (Hold(verdicts, order, unit) is { Length: > 0 } held)
            {
                skipped.AddRange(held);
                continue;
            }

            var changes = verdicts.OfType<Verdict.Change>().ToImmutableArray();
            if (!changes.IsEmpty)
            {
                var steps = new StepBuilder(input.Workloads, order, oneShots).Build(changes);
                skipped.RemoveAll(skip => steps.ContainsKey(skip.Workload));
                rollouts.Add(new RolloutPlan(changes[0].Workload.Id.Project, Waves(steps, order)));
            }
        }

        return new Plan(rollouts.ToImmutable(), [.. skipped.OrderBy(skip => skip.Workload, WorkloadId.ByName)]);
    }

    private static ImmutableArray<Skip> Hold(ImmutableArray<Verdict> verdicts, DependencyOrder order, ImmutableArray<Workload> unit)
    {
        var changes = verdicts.OfType<Verdict.Change>().ToImmutableArray();
        if (verdicts.OfType<Verdict.Held>().ToImmutableArray() is { Length: > 0 } held)
        {
            var names = string.Join(", ", held.Select(verdict => $"{verdict.Workload.Id.Service} {verdict.To.Brief}"));
            var why = held[0].Reason;
            return
            [
                .. held.Select(verdict => new Skip(verdict.Workload.Id, verdict.Reason, verdict.Detail)),
                .. changes.Select(change => new Skip(change.Workload.Id, why, $"waits with its project: {names} is {(why == ReasonCode.Quarantined ? "quarantined" : "refused")}")),
            ];
        }

        return !changes.IsEmpty && order.Cycle(unit.Select(workload => workload.Id)) is { } cycle
            ? [.. changes.Select(change => new Skip(change.Workload.Id, ReasonCode.DependencyCycle, $"depends_on is a circle: {cycle}"))]
            : [];
    }

    private static ImmutableArray<Wave> Waves(ImmutableDictionary<WorkloadId, Step> steps, DependencyOrder order) =>
        [.. order.Levels([.. steps.Keys]).Select(level => new Wave([.. level.Select(id => steps[id])]))];
}
