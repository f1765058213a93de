using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Engine;
using Omis.Agent.Targets.Compose.Hooks;

namespace Omis.Agent.Targets.Compose;

/// <summary>All compose services of the engine, and every container outside compose as a project of its own.</summary>
internal sealed class ComposeWorkloads(EngineClient engine, HookRunner hooks) : IWorkloadSource
{
    public async Task<ImmutableArray<Workload>> ObserveAsync(CancellationToken ct)
    {
        var containers = await AllContainers.OfAsync(engine, await engine.ListAsync([], ct).ConfigureAwait(false), ct).ConfigureAwait(false);
        var images = new ImageIndex(engine, await engine.ContainerdImageStoreAsync(ct).ConfigureAwait(false));
        var named = new Neighbourhood([.. containers.Where(IsWorkload)]);
        var workloads = ImmutableArray.CreateBuilder<Workload>();
        foreach (var group in named.Members.GroupBy(Neighbourhood.IdOf).OrderBy(group => group.Key, WorkloadId.ByName))
        {
            workloads.Add(await WorkloadAsync(group.Key, [.. group.OrderBy(Number)], named, images, ct).ConfigureAwait(false));
        }

        return workloads.ToImmutable();
    }

    /// <summary>Not workloads: errands of <c>compose run</c>, Swarm's tasks, and what our own open rollouts have set aside.</summary>
    private static bool IsWorkload(ContainerView container) =>
        !string.Equals(container.Labels.GetValueOrDefault(ComposeLabels.OneOff), "true", StringComparison.OrdinalIgnoreCase)
        && !container.Labels.ContainsKey(ComposeLabels.SwarmTask)
        && !RolloutNames.IsOurs(container.Name);

    /// <summary>Replicas are of one compose file: one look at it is enough.</summary>
    private string? Obstacle(ImmutableArray<ContainerView> containers, ContainerView speaker) =>
        containers.FirstOrDefault(container => container.AutoRemove) is { } vanishing ? $"{vanishing.Name} is removed by the engine as soon as it stops (auto-remove), so that there would be nothing to go back to"
        : hooks.Of(speaker).Unclear is { } unclear ? $"{speaker.Name}: its compose hooks cannot be run as compose would run them: {unclear}"
        : null;

    private static int Number(ContainerView container) =>
        int.TryParse(container.Labels.GetValueOrDefault(ComposeLabels.Number), out var number) ? number : 1;

    private async Task<Workload> WorkloadAsync(WorkloadId id, ImmutableArray<ContainerView> containers, Neighbourhood named, ImageIndex images, CancellationToken ct)
    {
        // Where replicas differ, the one that runs speaks for the service.
        var speaker = containers.FirstOrDefault(container => container.Runs) ?? containers[0];
        var labels = WorkloadLabels.Parse(speaker.Labels);
        var image = ImageReference.TryParse(speaker.ImageText, out var reference) ? reference : null;
        var built = ComposeLabels.NamesBuilt(id, speaker.ImageText);
        var replicas = ImmutableArray.CreateBuilder<Replica>();
        foreach (var container in containers)
        {
            replicas.Add(new Replica
            {
                ContainerId = container.Id,
                Name = container.Name,
                Number = Number(container),
                State = container.State,
                ExitCode = container.State == RunState.Exited ? container.ExitCode : null,
                ImageId = container.ImageId,
                Digests = built ? [] : await images.DigestsAsync(container.ImageId, image, ct).ConfigureAwait(false),
            });
        }

        return new Workload
        {
            Id = id,
            Image = speaker.ImageText,
            Replicas = replicas.ToImmutable(),
            Labels = labels,
            Dependencies = [.. named.DependenciesOf(id, speaker, labels).Distinct()],
            Obstacle = Obstacle(containers, speaker),
            BuiltHere = await images.IsBuiltHereAsync(speaker.ImageId, ct).ConfigureAwait(false),
            Tagged = image is null || built ? null : await images.TaggedAsync(image, ct).ConfigureAwait(false),
        };
    }
}
