using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Engine;

namespace Omis.Agent.Targets.Compose;

/// <summary>Who is who on the engine, so that an edge that names a container id or name finds its workload.</summary>
internal sealed class Neighbourhood(ImmutableArray<ContainerView> members)
{
    private static readonly string[] Modes = ["NetworkMode", "PidMode", "IpcMode"];

    public ImmutableArray<ContainerView> Members { get; } = members;

    public static WorkloadId IdOf(ContainerView container) =>
        container.Labels.TryGetValue(ComposeLabels.Project, out var project) && container.Labels.TryGetValue(ComposeLabels.Service, out var service)
            ? new WorkloadId(project, service)
            : new WorkloadId(RolloutNames.Plain(container.Name), RolloutNames.Plain(container.Name));

    /// <summary>The union of compose's <c>depends_on</c>, our and Watchtower's labels, shared namespaces and <c>volumes_from</c>.</summary>
    public IEnumerable<Dependency> DependenciesOf(WorkloadId id, ContainerView container, WorkloadLabels labels) =>
        ComposeLabels.Dependencies(id.Project, container.Labels)
            .Concat(labels.DependsOn.Select(name => Dependency.Order(Named(id.Project, name))))
            .Concat(Shared(container).Select(Dependency.Shares))
            .Where(edge => edge.On != id);

    private IEnumerable<WorkloadId> Shared(ContainerView container)
    {
        var host = container.Inspect["HostConfig"];
        var modes = Modes.Select(mode => host?[mode].Text()).OfType<string>()
            .Where(mode => mode.StartsWith("container:", StringComparison.Ordinal)).Select(mode => mode["container:".Length..]);
        var volumes = host?["VolumesFrom"].Texts().Select(source => source.Split(':')[0]) ?? [];
        return modes.Concat(volumes).Select(Find).OfType<ContainerView>().Select(IdOf);
    }

    private ContainerView? Find(string idOrName) =>
        Members.FirstOrDefault(member => member.Id == idOrName || member.Name == idOrName.TrimStart('/'))
        ?? (idOrName.Length >= 12 ? Members.FirstOrDefault(member => member.Id.StartsWith(idOrName, StringComparison.Ordinal)) : null);

    /// <summary>A service of the same project comes before a container of that name.</summary>
    private WorkloadId Named(string project, string name)
    {
        var service = new WorkloadId(project, name);
        return Members.Any(member => IdOf(member) == service) || Members.FirstOrDefault(member => member.Name == name.TrimStart('/')) is not { } container
            ? service
            : IdOf(container);
    }
}
