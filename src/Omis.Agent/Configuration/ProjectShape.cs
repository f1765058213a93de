using System.Text.RegularExpressions;
using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Probing;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Configuration;

/// <summary>How a project and its services are updated. A project inherits from the defaults, a service from its project.</summary>
internal static partial class ProjectShape
{
    /// <summary>Those of compose, and of containers outside compose, which are projects of their own.</summary>
    public static readonly KeyShape Names = new("a name of letters, digits, '.', '_' and '-'", "[A-Za-z0-9._\\-]+", name => Name().IsMatch(name) ? name : null);

    private static readonly TextShape<UpdateMode> Update = Texts.OneOf(UpdateMode.Auto, UpdateMode.Notify, UpdateMode.Never);

    private const string UpdateMeans = "auto rolls new images out, notify only tells of them, never leaves the service alone.";
    private const string HealthyMeans = "When a new container counts as healthy.";

    private static readonly ObjectShape<ServiceSettings> Service = new ObjectShape<ServiceSettings>("an object", new ProjectSettings().AnyService) { Inherits = true }
        .Has("update", Update,
            UpdateMeans,
            service => service.Update, (service, value) => service with { Update = value })
        .Has("healthy", Healthy(inherits: true),
            HealthyMeans,
            service => service.Healthy, (service, value) => service with { Healthy = value })
        .Has("probes", new ListShape<ProbeSpec>("a list of probes", ProbeShape.Probe),
            "What is asked besides the container's own state and HEALTHCHECK.",
            service => service.Healthy.Probes, (service, value) => service with { Healthy = service.Healthy with { Probes = value } });

    public static readonly ObjectShape<ProjectSettings> Defaults = Rules(inherits: false);

    public static readonly ObjectShape<ProjectSettings> Project = Rules(inherits: true)
        .HasEach("services", Names, Service,
            "By compose service: only what differs from the project.",
            project => project.AnyService, (project, value) => project with { Services = value });

    private static ObjectShape<ProjectSettings> Rules(bool inherits) => new ObjectShape<ProjectSettings>("an object", new()) { Inherits = inherits }
        .Has("update", Update,
            UpdateMeans,
            project => project.Update, (project, value) => project with { Update = value })
        .Has("optIn", new FlagShape(),
            "True leaves every service alone that no label of its own (omis.agent.update, Watchtower's enable) asks to be looked after.",
            project => project.OptIn, (project, value) => project with { OptIn = value })
        .Has("healthy", Healthy(inherits),
            HealthyMeans,
            project => project.Healthy, (project, value) => project with { Healthy = value })
        .Has("soak", Texts.Duration,
            "How long the whole project is still watched, and reverted as one, after its last step.",
            project => project.Soak, (project, value) => project with { Soak = value })
        .Has("transaction", Texts.OneOf(("project", false), ("service", true)),
            "What goes forward or back as one.",
            project => project.PerService, (project, value) => project with { PerService = value })
        .Has("revertBudget", Texts.DurationOf(TimeSpan.FromSeconds(1)),
            "How long a revert may take before it counts as stuck.",
            project => project.RevertBudget, (project, value) => project with { RevertBudget = value })
        .Has("keepPrevious", new CountShape(0, 100),
            "How many earlier images are kept for each service, for rollback.",
            project => project.KeepPrevious, (project, value) => project with { KeepPrevious = value });

    private static ObjectShape<HealthRules> Healthy(bool inherits) => new ObjectShape<HealthRules>("an object", HealthRules.Default) { Inherits = inherits }
        .Has("stableFor", Texts.Duration,
            "How long everything must be well without a break.",
            rules => rules.StableFor, (rules, value) => rules with { StableFor = value })
        .Has("deadline", Texts.DurationOf(TimeSpan.FromMilliseconds(1)),
            "How long after the container's start that must have come about.",
            rules => rules.Deadline, (rules, value) => rules with { Deadline = value })
        .Check("deadline", HealthAgrees);

    private static string? HealthAgrees(HealthRules rules) => rules.Deadline >= rules.StableFor ? null
        : $"the deadline ({Durations.Text(rules.Deadline)}) comes before stableFor ({Durations.Text(rules.StableFor)}) is over; expected at least stableFor";

    [GeneratedRegex(@"^[A-Za-z0-9._\-]{1,255}\z")]
    private static partial Regex Name();
}
