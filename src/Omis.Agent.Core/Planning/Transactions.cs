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
    public static IEnumerable<ImmutableArray<Workload>> Of(ImmutableArray<Workload> workloads, ImmutableDictionary<WorkloadId, UpdatePolicy> policies)
    {
        var exists = workloads.Select(workload => workload.Id).ToHashSet();
        var leader = workloads.ToDictionary(workload => workload.Id, workload => Key(workload.Id, policies.GetValueOrDefault(workload.Id) ?? UpdatePolicy.Default));
        foreach (var (workload, edge) in workloads.SelectMany(workload => workload.Dependencies.Select(edge => (workload, edge))))
        {
            if (edge.Kind == DependencyKind.Shares && exists.Contains(edge.On))
            {
                Join(leader, leader[workload.Id], leader[edge.On]);
            }
        }

        return workloads.OrderBy(workload => workload.Id, WorkloadId.ByName).GroupBy(workload => leader[workload.Id])
            .Select(unit => unit.ToImmutableArray());
    }

    private static string Key(WorkloadId id, UpdatePolicy policy) => policy.PerService ? $"{id.Project}\n{id.Service}" : id.Project;

    private static void Join(Dictionary<WorkloadId, string> leader, string one, string other)
    {
        foreach (var id in leader.Where(pair => pair.Value == one).Select(pair => pair.Key).ToArray())
        {
            leader[id] = other;
        }
    }
}
