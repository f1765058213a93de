using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;

namespace Omis.Agent.Targets.Compose;

/// <summary>The labels that compose leaves on its containers. Source: docker/compose, pkg/api/labels.go.</summary>
internal static class ComposeLabels
{
    public const string Project = "com.docker.compose.project";
    public const string Service = "com.docker.compose.service";
    public const string Number = "com.docker.compose.container-number";
    public const string ConfigFiles = "com.docker.compose.project.config_files";
    public const string DependsOn = "com.docker.compose.depends_on";

    /// <summary>A container of <c>docker compose run</c>: a person's errand, not a service.</summary>
    public const string OneOff = "com.docker.compose.oneoff";

    /// <summary>A task that Swarm keeps: changing it behind Swarm's back only makes Swarm start another.</summary>
    public const string SwarmTask = "com.docker.swarm.task.id";

    /// <summary>Whether that is compose's own name for what it builds for the service (compose 1 wrote an underscore): no registry has it, whatever digest the containerd store shows.</summary>
    public static bool NamesBuilt(WorkloadId id, string image) => image == $"{id.Project}-{id.Service}" || image == $"{id.Project}_{id.Service}";

    /// <summary>Reads <c>db:service_healthy:false,cache:service_started:true</c>.</summary>
    public static IEnumerable<Dependency> Dependencies(string project, ImmutableDictionary<string, string> labels) =>
        from entry in labels.GetValueOrDefault(DependsOn, "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        let parts = entry.Split(':')
        select new Dependency(
            new WorkloadId(project, parts[0]),
            DependencyKind.Order,
            parts.Length > 1 ? Condition(parts[1]) : DependencyCondition.Started,
            parts.Length > 2 && parts[2] == "true");

    private static DependencyCondition Condition(string text) => text switch
    {
        "service_healthy" => DependencyCondition.Healthy,
        "service_completed_successfully" => DependencyCondition.CompletedSuccessfully,
        _ => DependencyCondition.Started,
    };
}
