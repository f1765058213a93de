using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;

namespace Omis.Agent.Core.Planning;

/// <summary>Which workloads are worth a question to a registry. Pure; the reasons are tried from the strongest to the weakest.</summary>
public static class Eligibility
{
    /// <returns>Why the workload is left alone whatever the registry would say, or null.</returns>
    public static Skip? Judge(Workload workload, UpdatePolicy policy, bool oneShot)
    {
        Skip Because(ReasonCode code, string detail) => new(workload.Id, code, detail);

        if (!workload.Labels.Errors.IsEmpty)
        {
            return Because(ReasonCode.BadLabel, string.Join("; ", workload.Labels.Errors));
        }

        if (policy.Mode == UpdateMode.Never)
        {
            return Because(ReasonCode.UpdateNever, policy.Why ?? "update is never");
        }

        if (!ImageReference.TryParse(workload.Image, out var image))
        {
            return Because(ReasonCode.LocalImage, $"{workload.Image} names no repository");
        }

        if (image.Digest is not null)
        {
            return Because(ReasonCode.DigestPinned, $"{workload.Image} is pinned by digest");
        }

        var live = Live(workload, oneShot);
        if (live.IsEmpty)
        {
            return Because(ReasonCode.Stopped, "not running; stopped services are left stopped");
        }

        return live.All(replica => replica.Digests.IsEmpty) && (workload.Tagged?.Digests.IsEmpty ?? true)
            ? Because(ReasonCode.LocalImage, $"{workload.Image} was built or loaded here, never pulled")
            : null;
    }

    /// <summary>The replicas that an update replaces: what runs, and a one-shot job that has done its work.</summary>
    public static ImmutableArray<Replica> Live(Workload workload, bool oneShot) =>
        [.. workload.Replicas.Where(replica => replica.Runs || (oneShot && replica is { State: RunState.Exited, ExitCode: 0 }))];

    /// <summary>The workloads that others await as <c>service_completed_successfully</c>.</summary>
    public static ImmutableHashSet<WorkloadId> OneShots(IEnumerable<Workload> workloads) =>
    [
        .. workloads.SelectMany(workload => workload.Dependencies)
            .Where(dependency => dependency.Condition == DependencyCondition.CompletedSuccessfully)
            .Select(dependency => dependency.On),
    ];
}
