using System.Collections.Immutable;
using Omis.Agent.Configuration;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Examining;

/// <summary>What is wrong or odd in the config, by itself and against what runs.</summary>
internal static class ConfigExam
{
    private const string Check = "config";

    public static ImmutableArray<Finding> Errors(ConfigResult config) =>
        [.. config.Errors.Select(error => Finding.Failed(Check, error.Path is { Length: > 0 } path ? path : "file", error.ToString(), "correct it; 'omis-agent validate' shows all errors, docs/configuration.md every key"))];

    public static ImmutableArray<Finding> Warnings(ConfigResult config) =>
        config.Warnings.IsEmpty
            ? [Finding.Ok(Check, "file", "is valid")]
            : [.. config.Warnings.Select(warning => Finding.Warning(Check, warning.Path, warning.Message, "see docs/configuration.md"))];

    /// <summary>A project or service that is configured and does not run is most often a slip of the pen.</summary>
    public static IEnumerable<Finding> Strangers(AgentSettings settings, ImmutableArray<Workload> workloads)
    {
        var known = workloads.Select(workload => workload.Id).ToImmutableHashSet();
        foreach (var (project, its) in settings.Projects.OrderBy(project => project.Key, StringComparer.Ordinal))
        {
            if (!known.Any(id => id.Project == project))
            {
                yield return Finding.Warning(Check, $"projects.{project}", "no such project is on this engine", $"there are: {List(known.Select(id => id.Project))}");
                continue;
            }

            foreach (var service in its.Services.Keys.Where(service => !known.Any(id => id.Project == project && id.Service == service)).Order(StringComparer.Ordinal))
            {
                yield return Finding.Warning(Check, $"projects.{project}.services.{service}", "the project has no such service", $"there are: {List(known.Where(id => id.Project == project).Select(id => id.Service))}");
            }
        }
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Distinct().Order(StringComparer.Ordinal)) is { Length: > 0 } list ? list : "none";
}
