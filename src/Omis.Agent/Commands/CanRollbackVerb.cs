using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Rendering;

namespace Omis.Agent.Commands;

internal sealed class CanRollbackVerb : Verb
{
    private readonly BackArguments back = new();

    public CanRollbackVerb(Surroundings around)
        : base("can-rollback", "Say whether a rollback would work, and how long the last swap took; touches nothing", around) => back.AddTo(this);

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var settings = call.Settings();
        using var memory = call.OpenMemoryForReading(settings);
        using var parts = call.Compose(settings, memory);
        var outlook = await LookAsync(parts, back.Of(call), ct);
        call.Answer.Give(outlook, Documents.Default.RollbackOutlook, () => RollbackView.Of(outlook));
        return outlook.Possible ? ExitCodes.Done : ExitCodes.Environment;
    }

    private static async Task<RollbackOutlook> LookAsync(Composition parts, CycleRequest request, CancellationToken ct)
    {
        var workloads = await parts.Source.ObserveAsync(ct);
        ImmutableDictionary<WorkloadId, Digest> ways;
        try
        {
            ways = await parts.WaysBack.FindAsync(workloads, request, ct);
        }
        catch (EnvironmentException nothing) when (nothing.Code == ReasonCode.ImageNotFound)
        {
            return new RollbackOutlook(request.Project!, Possible: false, nothing.Message, []);
        }

        var swaps = await parts.WaysBack.LastSwapsAsync(request.Project!, ct);
        var services = ImmutableArray.CreateBuilder<ServiceOutlook>();
        foreach (var workload in workloads.Where(workload => ways.ContainsKey(workload.Id)).OrderBy(workload => workload.Id, WorkloadId.ByName))
        {
            services.Add(await LookAsync(parts, workload, ways[workload.Id], swaps, ct));
        }

        var obstacle = services.FirstOrDefault(service => !service.Possible);
        return new RollbackOutlook(request.Project!, obstacle is null, obstacle is null ? "every image is here; no registry is needed" : $"{obstacle.Service}: {obstacle.Detail}", services.ToImmutable());
    }

    private static async Task<ServiceOutlook> LookAsync(Composition parts, Workload workload, Digest to, ImmutableDictionary<string, long> swaps, CancellationToken ct)
    {
        var from = workload.Replicas.OrderByDescending(replica => replica.Runs).SelectMany(replica => replica.Digests).Cast<Digest?>().FirstOrDefault();
        var runs = workload.Replicas.Where(replica => replica.Runs).All(replica => replica.Digests.Contains(to));
        var copy = await parts.WaysBack.CopyAsync(workload, to, ct);
        var problem = workload.Obstacle
            ?? (!workload.Replicas.Any(replica => replica.Runs) ? "it does not run; stopped services are left stopped" : null)
            ?? (copy is null ? $"{to.Brief} is not on this machine; a rollback would have to pull it" : copy.Obstacle);
        return new ServiceOutlook(
            workload.Id.Service, from, to, workload.Image, copy is not null, problem is null, problem ?? (runs ? "runs it already" : "ready"),
            swaps.TryGetValue(workload.Id.Service, out var last) ? last : null);
    }
}
