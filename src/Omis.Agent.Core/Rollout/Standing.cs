using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Planning;

namespace Omis.Agent.Core.Rollout;

/// <summary>Which services are already where a person wants them. Pure.</summary>
internal static class Standing
{
    /// <summary>True where nothing was skipped but what is there already.</summary>
    public static bool AllThere(Plan plan) => plan.Skipped.All(skip => skip.Reason == ReasonCode.UpToDate);

    /// <summary>
    /// Of a rollback: what runs there already, and stays there from now on like the others. Nothing where the rollback
    /// was held, so that it leaves no half of itself.
    /// </summary>
    public static ImmutableDictionary<WorkloadId, Digest> Of(PlanInput input, Plan plan) =>
        AllThere(plan)
            ? plan.Skipped.Where(skip => input.Back.ContainsKey(skip.Workload)).ToImmutableDictionary(skip => skip.Workload, skip => input.Back[skip.Workload])
            : ImmutableDictionary<WorkloadId, Digest>.Empty;

    /// <summary>Pins that have come true: see <see cref="Pin.Reached"/>.</summary>
    public static ImmutableArray<Pin> Reached(PlanInput input) =>
        [.. input.Workloads.Select(workload => input.Pins.GetValueOrDefault(workload.Id) is { Reached: false } pin && Runs(workload, pin.Digest) ? pin : null).OfType<Pin>()];

    private static bool Runs(Workload workload, Digest digest)
    {
        ImmutableArray<Replica> running = [.. workload.Replicas.Where(replica => replica.Runs)];
        return !running.IsEmpty && running.All(replica => replica.Digests.Contains(digest));
    }
}
