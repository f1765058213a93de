using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;

namespace Omis.Agent.Core.Planning;

/// <summary>
/// Which workloads commit or go back together: a project, or each service where the policy says so.
/// Workloads that share a namespace or volumes are never parted, whatever project they are in.
/// </summary>
internal static class Transactions
{
    public static IEnumerable<ImmutableArray<Workload>> Of(PlanInput input)
    {
        var exists = input.Workloads.Select(workload => workload.Id).ToHashSet();
        var leader = input.Workloads.ToDictionary(workload => workload.Id, workload => Key(workload, input));
        foreach (var (workload, edge) in input.Workloads.SelectMany(workload => workload.Dependencies.Select(edge => (workload, edge))))
        {
            if (edge.Kind == DependencyKind.Shares && exists.Contains(edge.On))
            {
                Join(leader, leader[workload.Id], leader[edge.On]);
            }
        }

        return input.Workloads.OrderBy(workload => workload.Id, WorkloadId.ByName).GroupBy(workload => leader[workload.Id])
            .Select(unit => unit.ToImmutableArray());
    }

    private static string Key(Workload workload, PlanInput input) =>
        input.PolicyOf(workload.Id).PerService ? $"{workload.Id.Project}\n{workload.Id.Service}" : workload.Id.Project;

    private static void Join(Dictionary<WorkloadId, string> leader, string one, string other)
    {
        foreach (var id in leader.Where(pair => pair.Value == one).Select(pair => pair.Key).ToArray())
        {
            leader[id] = other;
        }
    }
}
