using System.Collections.Immutable;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Rollout;

/// <summary>What runs beside what the registries have. Pure.</summary>
internal static class SeenWorkloads
{
    public static ImmutableArray<SeenWorkload> Of(PlanInput input, Plan plan)
    {
        var skips = plan.Skipped.ToDictionary(skip => skip.Workload, skip => skip.Reason);
        return
        [
            .. input.Workloads.Where(workload => input.IsChosen(workload.Id))
                .OrderBy(workload => workload.Id, WorkloadId.ByName)
                .Select(workload => Of(workload, Latest(workload, input), skips.TryGetValue(workload.Id, out var reason) ? reason : null)),
        ];
    }

    public static Reason? FirstFault(Plan plan) =>
        plan.Skipped.FirstOrDefault(skip => skip.Reason.IsEnvironment()) is { } skip
            ? new Reason(skip.Reason, $"{skip.Workload}: {skip.Detail}")
            : null;

    private static SeenWorkload Of(Workload workload, RegistryAnswer.Found? found, ReasonCode? skipped)
    {
        var latest = found?.Digest;
        var digests = workload.Replicas.OrderByDescending(replica => replica.Runs).SelectMany(replica => replica.Digests).ToImmutableArray();
        var running = latest is { } digest && workload.Replicas.Where(replica => replica.Runs).All(replica => replica.Digests.Contains(digest)) && digests.Contains(digest) ? digest : digests.Cast<Digest?>().FirstOrDefault();
        return new SeenWorkload
        {
            Project = workload.Id.Project,
            Service = workload.Id.Service,
            Replicas = workload.Replicas.Count(replica => replica.Runs),
            Image = workload.Image,
            Running = running,
            Latest = latest,
            State = State(skipped, running, found),
        };
    }

    private static SeenState State(ReasonCode? skipped, Digest? running, RegistryAnswer.Found? found) => skipped switch
    {
        ReasonCode.Pinned => found is null ? SeenState.Unknown : running is { } digest && found.Covers(digest) ? SeenState.UpToDate : SeenState.UpdateAvailable,
        ReasonCode.UpToDate => SeenState.UpToDate,
        { } reason when reason.IsEnvironment() => SeenState.Unknown,
        ReasonCode.UpdateNever or ReasonCode.LocalImage or ReasonCode.DigestPinned or ReasonCode.Stopped or ReasonCode.BadLabel => SeenState.Unmanaged,
        _ => found is not null ? SeenState.UpdateAvailable : SeenState.UpToDate,
    };

    private static RegistryAnswer.Found? Latest(Workload workload, PlanInput input) =>
        ImageReference.TryParse(workload.Image, out var image) ? input.Answers.GetValueOrDefault(image) as RegistryAnswer.Found : null;
}
