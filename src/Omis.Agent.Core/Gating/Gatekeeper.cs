using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;

namespace Omis.Agent.Core.Gating;

/// <summary>Asks every gate about every rollout; the first refusal turns its steps into skips.</summary>
public sealed class Gatekeeper(ImmutableArray<IGate> gates)
{
    public (Plan Open, bool AnyHeld) Judge(Plan plan, DateTimeOffset now)
    {
        var judged = plan.Rollouts
            .Select(rollout => (rollout, refusal: gates.Select(gate => gate.Judge(rollout, now)).FirstOrDefault(refusal => refusal is not null)))
            .ToImmutableArray();
        var held = judged.Where(pair => pair.refusal is not null)
            .SelectMany(pair => pair.rollout.Steps.Select(step => new Skip(step.Workload, pair.refusal!.Reason, pair.refusal.Detail)))
            .ToImmutableArray();
        var open = new Plan(
            [.. judged.Where(pair => pair.refusal is null).Select(pair => pair.rollout)],
            [.. plan.Skipped.Concat(held).OrderBy(skip => skip.Workload, WorkloadId.ByName)]);
        return (open, !held.IsEmpty);
    }
}
