using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;

namespace Omis.Agent.Core.Planning;

/// <summary>From what changed to every step that follows from it.</summary>
internal sealed class StepBuilder(ImmutableArray<Workload> workloads, DependencyOrder order, ImmutableHashSet<WorkloadId> oneShots)
{
    private readonly Dictionary<WorkloadId, Step> steps = [];

    public ImmutableDictionary<WorkloadId, Step> Build(ImmutableArray<Verdict.Change> changes)
    {
        foreach (var change in changes)
        {
            steps[change.Workload.Id] = Recreate(change.Workload, change.From, change.To, change.Stale, change.Cause);
        }

        Spread(AddSharer);
        Spread(AddRestart);
        return steps.Values.Select(WithOrder).ToImmutableDictionary(step => step.Workload);
    }

    /// <summary>Goes over all edges until nothing more follows; each pass adds a step or ends.</summary>
    private void Spread(Func<Workload, Dependency, bool> add)
    {
        while (workloads.Any(workload => !steps.ContainsKey(workload.Id)
            && order.EdgesOf(workload.Id).Any(edge => steps.ContainsKey(edge.On) && add(workload, edge))))
        {
        }
    }

    private bool AddSharer(Workload workload, Dependency edge)
    {
        var running = Running(workload);
        if (edge.Kind != DependencyKind.Shares || running.IsEmpty || steps[edge.On].Action != StepAction.Recreate)
        {
            return false;
        }

        var digest = running[0].Digests.Cast<Digest?>().FirstOrDefault();
        steps[workload.Id] = Recreate(workload, digest, digest, running, $"bound to the container of {edge.On.Service}");
        return true;
    }

    private bool AddRestart(Workload workload, Dependency edge)
    {
        var running = Running(workload);
        if (!edge.Restart || running.IsEmpty)
        {
            return false;
        }

        var digest = running[0].Digests.Cast<Digest?>().FirstOrDefault();
        steps[workload.Id] = Recreate(workload, digest, digest, running, $"restarts with {edge.On.Service}") with { Action = StepAction.Restart };
        return true;
    }

    private static ImmutableArray<Replica> Running(Workload workload) => [.. workload.Replicas.Where(replica => replica.Runs)];

    private Step Recreate(Workload workload, Digest? from, Digest? to, ImmutableArray<Replica> replicas, string cause) => new()
    {
        Workload = workload.Id,
        Action = StepAction.Recreate,
        Image = workload.Image,
        From = from,
        To = to,
        Replicas = [.. replicas.OrderBy(replica => replica.Number).Select(replica => new ReplicaRef(replica.ContainerId, replica.Name, replica.Number, replica.ImageId))],
        Cause = cause,
        OneShot = oneShots.Contains(workload.Id),
    };

    private Step WithOrder(Step step) => step with
    {
        After =
        [
            .. order.EdgesOf(step.Workload)
                .Where(edge => steps.TryGetValue(edge.On, out var on) && (edge.Restart || (edge.Kind == DependencyKind.Shares && on.Action == StepAction.Recreate)))
                .Select(edge => edge.On).Distinct(),
        ],
    };
}
