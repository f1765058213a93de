using System.Collections.Immutable;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;

namespace Omis.Agent.Core.Rollout;

/// <summary>Which workloads a person, or a push, meant.</summary>
public static class Choice
{
    /// <returns>Null where no project was named.</returns>
    /// <exception cref="UnknownWorkloadException">There is no such project or service; the message lists those there are.</exception>
    public static ImmutableHashSet<WorkloadId>? Of(ImmutableArray<Workload> workloads, CycleRequest request)
    {
        if (request.Project is null)
        {
            return null;
        }

        var members = workloads.Select(workload => workload.Id).Where(id => id.Project == request.Project).ToImmutableHashSet();
        if (members.IsEmpty)
        {
            throw new UnknownWorkloadException($"no project '{request.Project}' on this engine; there are: {List(workloads.Select(workload => workload.Id.Project))}");
        }

        var unknown = request.Services.Where(service => !members.Contains(new WorkloadId(request.Project, service))).ToImmutableArray();
        return unknown.IsEmpty
            ? [.. members.Where(id => request.Services.IsEmpty || request.Services.Contains(id.Service))]
            : throw new UnknownWorkloadException($"no service '{unknown[0]}' in project '{request.Project}'; there are: {List(members.Select(id => id.Service))}");
    }

    /// <summary>
    /// The workloads of these images, and of those that go with them whatever would hold their transaction back: a push
    /// of one service must not slip past what a check of all would have waited for.
    /// </summary>
    /// <param name="units">The workloads, by transaction.</param>
    /// <param name="holds">True for a workload that may hold back the others of its transaction.</param>
    public static ImmutableHashSet<WorkloadId> Of(IEnumerable<ImmutableArray<Workload>> units, ImmutableHashSet<ImageHint> images, Func<Workload, bool> holds) =>
        [.. units.Where(unit => unit.Any(workload => IsNamed(workload, images))).SelectMany(unit => unit.Where(workload => IsNamed(workload, images) || holds(workload))).Select(workload => workload.Id)];

    private static bool IsNamed(Workload workload, ImmutableHashSet<ImageHint> images) =>
        ImageReference.TryParse(workload.Image, out var image) && images.Any(hint => hint.Names(image));

    private static string List(IEnumerable<string> names) =>
        string.Join(", ", names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) is { Length: > 0 } list ? list : "none";
}
