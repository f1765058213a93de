using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Recording;
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
        var outlook = await LookAsync(parts, memory, back.Of(call), ct);
        call.Answer.Give(outlook, Documents.Default.RollbackOutlook, () => RollbackView.Of(outlook));
        return outlook.Possible ? ExitCodes.Done : ExitCodes.Environment;
    }

    /// <summary>Judged by the very plan that a rollback would carry out.</summary>
    private static async Task<RollbackOutlook> LookAsync(Composition parts, Memory memory, CycleRequest request, CancellationToken ct)
    {
        var report = await parts.Cycle.RunAsync(request, Unwatched.Instance, ct);
        if (report.Error is { } error)
        {
            return error.Code == ReasonCode.ImageNotFound
                ? new RollbackOutlook(request.Project!, Possible: false, error.Detail, [])
                : throw new EnvironmentException(error.Code, error.Detail);
        }

        var open = (await memory.Ledger.Journal.OpenAsync(ct)).FirstOrDefault(rollout => JournalReplay.Fold(rollout.Entries)?.Header.Project == request.Project);
        var services = await ServicesAsync(parts, request, report.Plan!, ct);
        var obstacles = string.Join("; ", services.Where(service => !service.Possible).Select(service => $"{service.Service}: {service.Detail}"));
        return open is not null ? new RollbackOutlook(request.Project!, Possible: false, $"rollout {open.Id} has not ended, and comes first", services)
            : new RollbackOutlook(request.Project!, obstacles.Length == 0, obstacles.Length == 0 ? "every image is here; no registry is needed" : obstacles, services);
    }

    private static async Task<ImmutableArray<ServiceOutlook>> ServicesAsync(Composition parts, CycleRequest request, PlanReport plan, CancellationToken ct)
    {
        var workloads = await parts.Source.ObserveAsync(ct);
        var ways = await parts.WaysBack.FindAsync(workloads, request, ct);
        var swaps = await parts.WaysBack.LastSwapsAsync(request.Project!, ct);
        var services = ImmutableArray.CreateBuilder<ServiceOutlook>();
        foreach (var workload in workloads.Where(workload => ways.ContainsKey(workload.Id)).OrderBy(workload => workload.Id, WorkloadId.ByName))
        {
            var skip = plan.Skipped.FirstOrDefault(skip => skip.Project == workload.Id.Project && skip.Service == workload.Id.Service);
            services.Add(await LookAsync(parts, workload, ways[workload.Id], skip, ct) with { LastSwapMs = swaps.TryGetValue(workload.Id.Service, out var last) ? last : null });
        }

        return services.ToImmutable();
    }

    private static async Task<ServiceOutlook> LookAsync(Composition parts, Workload workload, Digest to, SkippedWorkload? skip, CancellationToken ct)
    {
        var from = workload.Replicas.OrderByDescending(replica => replica.Runs).SelectMany(replica => replica.Digests).Cast<Digest?>().FirstOrDefault();
        var copy = await parts.WaysBack.CopyAsync(workload, to, ct);
        var runs = skip?.Reason == ReasonCode.UpToDate;
        var problem = skip is not null && !runs ? $"{skip.Reason.Text()}: {skip.Detail}"
            : copy is null && !runs ? $"{to.Brief} is not on this machine; a rollback would have to pull it"
            : copy?.Obstacle;
        return new ServiceOutlook(workload.Id.Service, from, to, workload.Image, copy is not null, problem is null, problem ?? (runs ? "runs it already" : "ready"), null);
    }
}
