using System.Collections.Immutable;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Rollout;

/// <summary>Finds where a rollback leads: by history, and where history tells nothing, by the images that were kept.</summary>
public sealed class WaysBack(IKeptImages kept, IHistory history)
{
    /// <returns>A digest for each service that goes back.</returns>
    /// <exception cref="UnknownWorkloadException">The project, a service, or what the person wants to go to is not known.</exception>
    /// <exception cref="EnvironmentException">There is nothing to go back to: <see cref="ReasonCode.ImageNotFound"/>.</exception>
    public async Task<ImmutableDictionary<WorkloadId, Digest>> FindAsync(ImmutableArray<Workload> workloads, CycleRequest request, CancellationToken ct)
    {
        var chosen = Choice.Of(workloads, request)!;
        ImmutableArray<Workload> members = [.. workloads.Where(workload => chosen.Contains(workload.Id))];
        var records = await CommittedAsync(request.Project!, ct).ConfigureAwait(false);
        var found = request.Back?.To is { } to
            ? await NamedAsync(to, members, records, ct).ConfigureAwait(false)
            : Known(BackTo.Before(records, request.Services));
        if (found.IsEmpty && request.Back?.To is null)
        {
            found = await NewestKeptAsync(members, ct).ConfigureAwait(false);
        }

        var ways = found.Where(way => chosen.Contains(new WorkloadId(request.Project!, way.Key)))
            .ToImmutableDictionary(way => new WorkloadId(request.Project!, way.Key), way => way.Value);
        return ways.IsEmpty
            ? throw new EnvironmentException(ReasonCode.ImageNotFound, $"nothing to go back to: history has no committed update of {Text(request)}, and no earlier image of it is kept here")
            : ways;
    }

    /// <summary>For each service, how long it was down in its last swap, in milliseconds.</summary>
    public async Task<ImmutableDictionary<string, long>> LastSwapsAsync(string project, CancellationToken ct) =>
        (await CommittedAsync(project, ct).ConfigureAwait(false)).SelectMany(record => record.Steps).Where(step => step.DownMs is not null)
            .GroupBy(step => step.Service).ToImmutableDictionary(steps => steps.Key, steps => steps.First().DownMs!.Value);

    public Task<LocalCopy?> CopyAsync(Workload workload, Digest digest, CancellationToken ct) => kept.FindAsync(workload, digest, ct);

    private static ImmutableDictionary<string, Digest> Known(ImmutableDictionary<string, Digest?> before) =>
        before.FirstOrDefault(way => way.Value is null).Key is { } nameless
            ? throw new EnvironmentException(ReasonCode.ImageNotFound, $"{nameless} ran an image before that came from no registry, so that no digest names it; '--to' goes to an older one")
            : before.ToImmutableDictionary(way => way.Key, way => way.Value!.Value);

    private async Task<ImmutableArray<RolloutRecord>> CommittedAsync(string project, CancellationToken ct) =>
        [.. (await history.ListAsync(new HistoryFilter(project), ct).ConfigureAwait(false)).Where(record => record is { Outcome: Outcome.Committed, Kind: null or EntryKind.Rollback })];

    private async Task<ImmutableDictionary<string, Digest>> NamedAsync(string to, ImmutableArray<Workload> members, ImmutableArray<RolloutRecord> records, CancellationToken ct)
    {
        if (BackTo.After(to, records, members.Select(workload => workload.Id.Service)) is { } state)
        {
            return state;
        }

        var images = ImmutableDictionary.CreateBuilder<string, ImmutableArray<Digest>>();
        foreach (var workload in members)
        {
            images[workload.Id.Service] = await kept.KeptAsync(workload, ct).ConfigureAwait(false);
        }

        var found = BackTo.Digest(to, records, images.ToImmutable());
        return !found.IsEmpty ? found
            : members is [var only] && Digest.TryParse(to, out var whole) ? ImmutableDictionary<string, Digest>.Empty.Add(only.Id.Service, whole.Value)
            : throw new UnknownWorkloadException(
                $"'{to}' is neither a committed rollout of the project nor a digest that it ever ran; 'history' and 'can-rollback' show them{(Digest.TryParse(to, out _) ? ", and one service has to be named for a digest that never ran here" : "")}");
    }

    private async Task<ImmutableDictionary<string, Digest>> NewestKeptAsync(ImmutableArray<Workload> members, CancellationToken ct)
    {
        var found = ImmutableDictionary.CreateBuilder<string, Digest>();
        foreach (var workload in members)
        {
            foreach (var digest in (await kept.KeptAsync(workload, ct).ConfigureAwait(false)).Where(digest => !workload.Replicas.Any(replica => replica.Digests.Contains(digest))).Take(1))
            {
                found[workload.Id.Service] = digest;
            }
        }

        return found.ToImmutable();
    }

    private static string Text(CycleRequest request) =>
        request.Services.IsEmpty ? request.Project! : $"{request.Project} {string.Join(", ", request.Services)}";
}
