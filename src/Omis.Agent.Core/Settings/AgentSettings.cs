using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Probing;

namespace Omis.Agent.Core.Settings;

/// <summary>The whole configuration, valid and immutable.</summary>
public sealed record AgentSettings
{
    public EngineSettings Engine { get; init; } = new();

    public string StateDirectory { get; init; } = "/var/lib/omis-agent";

    public ControlSettings Control { get; init; } = new();

    public ScheduleSettings Check { get; init; } = new();

    public ProjectSettings Defaults { get; init; } = new();

    /// <summary>By project; what a project does not say stands in <see cref="Defaults"/> and has been filled in.</summary>
    public ImmutableDictionary<string, ProjectSettings> Projects { get; init; } = ImmutableDictionary<string, ProjectSettings>.Empty;

    /// <summary>By registry host as in <see cref="ImageReference.Registry"/>.</summary>
    public ImmutableDictionary<string, RegistrySettings> Registries { get; init; } = ImmutableDictionary<string, RegistrySettings>.Empty;

    public NotifySettings Notify { get; init; } = new();

    public LogSettings Log { get; init; } = new();

    public TelemetrySettings Telemetry { get; init; } = new();

    public ProjectSettings Project(string project) => Projects.GetValueOrDefault(project) ?? Defaults;

    public UpdatePolicy PolicyFor(Workload workload) =>
        Project(workload.Id.Project) is { OptIn: true, PerService: var perService } && !workload.Labels.OptsIn
            ? new(UpdateMode.Never, perService) { Why = "optIn is set, and no label of its own asks for updates" }
            : new(workload.Labels.Update ?? Service(workload.Id).Update, Project(workload.Id.Project).PerService);

    /// <summary>Labels on the container win over the file.</summary>
    public HealthRules HealthFor(WorkloadId id, WorkloadLabels labels)
    {
        var rules = Service(id).Healthy;
        ImmutableArray<ProbeSpec> probes =
        [
            .. labels.ProbeHttp is { } url ? [new ProbeSpec.Http(url)] : Array.Empty<ProbeSpec>(),
            .. labels.ProbeTcp is { } address ? [new ProbeSpec.Tcp(address)] : Array.Empty<ProbeSpec>(),
        ];
        var (stableFor, deadline) = (labels.StableFor ?? rules.StableFor, labels.Deadline ?? rules.Deadline);

        // The file is checked for this; a label may ask for more stability than the file's deadline leaves room for.
        return new HealthRules(stableFor, deadline < stableFor ? deadline + stableFor : deadline, probes.IsEmpty ? rules.Probes : probes);
    }

    private ServiceSettings Service(WorkloadId id)
    {
        var project = Project(id.Project);
        return project.Services.GetValueOrDefault(id.Service) ?? project.AnyService;
    }
}

/// <param name="Endpoint"><c>unix://</c>, <c>npipe://</c> or <c>tcp://</c>.</param>
public sealed record EngineSettings(Uri? Endpoint = null, string? CaFile = null, string? CertificateFile = null, string? KeyFile = null)
{
    /// <summary>Bytes of the engine's disk below which nothing is pulled.</summary>
    public long KeepFree { get; init; } = 500_000_000;
}

/// <summary>Either <see cref="Cron"/> (five or six fields) in <see cref="TimeZone"/>, or <see cref="Every"/> spread by <see cref="Jitter"/> (a share of one).</summary>
public sealed record ScheduleSettings
{
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(5);

    public double Jitter { get; init; } = 0.1;

    public string? Cron { get; init; }

    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>How long nothing more must be pushed before what was pushed is checked.</summary>
    public TimeSpan Debounce { get; init; } = TimeSpan.FromSeconds(2);
}

public sealed record ProjectSettings
{
    public UpdateMode Update { get; init; } = UpdateMode.Auto;

    /// <summary>True where only services are looked after whose own labels ask for it.</summary>
    public bool OptIn { get; init; }

    public HealthRules Healthy { get; init; } = HealthRules.Default;

    public TimeSpan Soak { get; init; }

    /// <summary>True for <c>"transaction": "service"</c>.</summary>
    public bool PerService { get; init; }

    public TimeSpan RevertBudget { get; init; } = TimeSpan.FromMinutes(2);

    public int KeepPrevious { get; init; } = 1;

    public ImmutableDictionary<string, ServiceSettings> Services { get; init; } = ImmutableDictionary<string, ServiceSettings>.Empty;

    /// <summary>What holds for a service that is not named, and where a named one is silent.</summary>
    public ServiceSettings AnyService => new(Update, Healthy);
}

public sealed record ServiceSettings(UpdateMode Update, HealthRules Healthy);
