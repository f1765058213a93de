using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;

namespace Omis.Agent.Core.Planning;

/// <summary>
/// Who goes before whom. The rules: an edge of any kind puts the dependency first; order passes through workloads
/// that do not change; edges to workloads that do not exist do not count; a cycle is named and refused.
/// </summary>
public sealed class DependencyOrder
{
    private readonly Dictionary<WorkloadId, Workload> byId;

    public DependencyOrder(IEnumerable<Workload> workloads) => byId = workloads.ToDictionary(workload => workload.Id);

    /// <summary>A cycle as <c>a → b → a</c> among the given workloads, or null.</summary>
    public string? Cycle(IEnumerable<WorkloadId> among)
    {
        var done = new HashSet<WorkloadId>();
        return among.Order(WorkloadId.ByName).Select(id => Walk(id, [], done)).FirstOrDefault(cycle => cycle is not null);
    }

    /// <summary>Groups such that each workload's dependencies, near and far, stand in earlier groups. The input must hold no cycle.</summary>
    public ImmutableArray<ImmutableArray<WorkloadId>> Levels(IReadOnlyCollection<WorkloadId> chosen)
    {
        var depth = new Dictionary<WorkloadId, int>();
        var members = chosen.ToHashSet();
        foreach (var id in chosen)
        {
            Depth(id, members, depth);
        }

        return
        [
            .. chosen.Distinct().GroupBy(id => depth[id]).OrderBy(level => level.Key)
                .Select(level => level.Order(WorkloadId.ByName).ToImmutableArray()),
        ];
    }

    public IEnumerable<Dependency> EdgesOf(WorkloadId id) =>
        byId.TryGetValue(id, out var workload) ? workload.Dependencies.Where(edge => byId.ContainsKey(edge.On)) : [];

    /// <summary>The number of chosen workloads on the longest path below this one.</summary>
    private int Depth(WorkloadId id, HashSet<WorkloadId> members, Dictionary<WorkloadId, int> known)
    {
        if (!known.TryGetValue(id, out var depth))
        {
            depth = EdgesOf(id).Select(edge => Depth(edge.On, members, known) + (members.Contains(edge.On) ? 1 : 0)).DefaultIfEmpty(0).Max();
            known[id] = depth;
        }

        return depth;
    }

    private string? Walk(WorkloadId id, ImmutableList<WorkloadId> path, HashSet<WorkloadId> done)
    {
        if (path.IndexOf(id) is >= 0 and var start)
        {
            return string.Join(" → ", path.Skip(start).Append(id).Select(member => member.Service));
        }

        if (done.Contains(id))
        {
            return null;
        }

        var below = path.Add(id);
        var cycle = EdgesOf(id).Select(edge => Walk(edge.On, below, done)).FirstOrDefault(found => found is not null);
        done.Add(id);
        return cycle;
    }
}
