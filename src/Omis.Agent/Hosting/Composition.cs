using Microsoft.Extensions.Logging;
using Omis.Agent.Configuration;
using Omis.Agent.Control;
using Omis.Agent.Control.Api;
using Omis.Agent.Control.Webhooks;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Probing;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Core.Settings;
using Omis.Agent.Engine;
using Omis.Agent.Entra;
using Omis.Agent.Notifiers;
using Omis.Agent.Notifiers.AzureDevOps;
using Omis.Agent.Notifiers.Discord;
using Omis.Agent.Notifiers.Email;
using Omis.Agent.Notifiers.GitHub;
using Omis.Agent.Notifiers.Gotify;
using Omis.Agent.Notifiers.Ntfy;
using Omis.Agent.Notifiers.PagerDuty;
using Omis.Agent.Notifiers.Shoutrrr;
using Omis.Agent.Notifiers.Slack;
using Omis.Agent.Notifiers.Teams;
using Omis.Agent.Notifiers.Webhook;
using Omis.Agent.Probes;
using Omis.Agent.Registries;
using Omis.Agent.Registries.Acr;
using Omis.Agent.Registries.Credentials;
using Omis.Agent.Targets.Compose;
using Omis.Agent.Targets.Compose.Hooks;

namespace Omis.Agent.Hosting;

/// <summary>The one list of parts, and how they are put together.</summary>
internal sealed class Composition : IDisposable
{
    /// <summary>The real engine and the real registries.</summary>
    public static readonly Outside Outside = new(ConnectEngine, ConnectRegistries);

    /// <summary>Whom notices can go to.</summary>
    public static readonly NotifierKinds Notifiers = new(
        SlackNotifier.Kind,
        TeamsNotifier.Kind,
        WebhookNotifier.Kind,
        EmailNotifier.Kind,
        DiscordNotifier.Kind,
        NtfyNotifier.Kind,
        GotifyNotifier.Kind,
        PagerDutyNotifier.Kind,
        ShoutrrrKind.Of(SlackNotifier.Kind, WebhookNotifier.Kind, EmailNotifier.Kind, DiscordNotifier.Kind, NtfyNotifier.Kind, GotifyNotifier.Kind, PagerDutyNotifier.Kind),
        GitHubNotifier.Kind,
        AzureDevOpsNotifier.Kind);

    private readonly EngineParts engine;
    private readonly IImageRegistry registry;
    private readonly CredentialChain credentials;

    public Composition(AgentSettings settings, Memory memory, Outside outside, ILoggerFactory logging, TimeProvider time)
    {
        credentials = Credentials(settings, logging, time);
        engine = outside.Engine(settings, credentials, logging, time);
        registry = outside.Registry(settings, credentials, logging, time);
        var ids = new RolloutIds(time);
        var prober = new Prober(engine.Sampler, time);
        var steps = new StepRunner(engine.Target, prober, settings, time);
        var committer = new Committer(engine.Target, settings, time, logging.CreateLogger<Committer>());
        var reverter = new Reverter(engine.Target, steps, prober, new Patience(time, logging.CreateLogger<Patience>()), settings, time, logging.CreateLogger<Reverter>());
        var runner = new PlanRunner(engine.Target, steps, new Soaker(steps, prober, settings, time), committer, reverter, logging.CreateLogger<PlanRunner>());
        Cycle = new RolloutCycle(
            engine.Source,
            new UpdateChecker(registry),
            new RolloutDispatch(runner, memory.Ledger, settings, ids, time),
            new Recovery(memory.Ledger.Journal, engine.Target, runner, committer, reverter, ids, time, logging.CreateLogger<Recovery>()),
            WaysBack = new WaysBack(engine.Kept, memory.Ledger.History),
            memory.Ledger,
            settings,
            ids,
            time);
    }

    public RolloutCycle Cycle { get; }

    public WaysBack WaysBack { get; }

    public IWorkloadSource Source => engine.Source;

    public IImageRegistry Registry => registry;

    /// <summary>All that the service can be asked, at the port and at the socket.</summary>
    public static Reception Reception(LiveSettings settings, Bell bell, Readiness readiness, ServiceDesk desk, EventFeed feed, Func<string> metrics, ILoggerFactory logging, TimeProvider time)
    {
        var door = new Doorkeeper(() => settings.Current, time, logging.CreateLogger<Doorkeeper>());
        return new Reception(
            new Routes(
            [
                .. HealthRoutes.Of(() => readiness.Problem),
                .. WebhookRoutes.Of(door, bell, logging.CreateLogger<WebhookEndpoint>()),
                .. new ApiRoutes(desk, feed, metrics, door, time, logging.CreateLogger<ApiRoutes>()).All,
            ]),
            logging.CreateLogger<Reception>());
    }

    /// <summary>Open for as long as the settings name one.</summary>
    public static ControlServer Port(LiveSettings settings, Reception reception, ILoggerFactory logging, TimeProvider time) => new(
        () => settings.Current.Control is { Listen: { } listen } control ? new Door.Port(Addresses.Endpoint(listen)!, control.CertificateFile, control.KeyFile) : null,
        () => settings.Changed,
        reception,
        time,
        logging.CreateLogger<ControlServer>());

    /// <summary>Callers there are known by what the kernel says of them, which is asked for on Linux alone.</summary>
    public static ControlServer Socket(LiveSettings settings, Reception reception, ILoggerFactory logging, TimeProvider time) => new(
        () => OperatingSystem.IsLinux() ? new Door.Socket(settings.Current.Control.Socket) : null,
        () => settings.Changed,
        reception,
        time,
        logging.CreateLogger<ControlServer>());

    public void Dispose()
    {
        engine.Connection?.Dispose();
        (registry as IDisposable)?.Dispose();
        credentials.Dispose();
    }

    private static EngineParts ConnectEngine(AgentSettings settings, IRegistryCredentials credentials, ILoggerFactory logging, TimeProvider time)
    {
        var connection = new EngineConnection(settings.Engine);
        var engine = new EngineClient(connection);
        var previous = new PreviousImages(engine);
        var kept = new KeptImages(engine, previous);
        var files = new InjectedFiles(new ContainerFiles(connection));
        var hooks = new HookRunner(engine, logging.CreateLogger<HookRunner>());
        var stager = new Stager(engine, files);
        var floor = new DiskFloor(engine, settings.Engine.Endpoint?.Scheme is not ("tcp" or "http" or "https"), settings.Engine.KeepFree);
        var fetcher = new Fetcher(engine, kept, previous, floor, project => settings.Project(project).KeepPrevious, async (image, ct) =>
            EngineAuth.Config(image.Registry, await credentials.ForAsync(image.Registry, ct).ConfigureAwait(false)));
        return new EngineParts(
            new ComposeWorkloads(engine, hooks),
            new ComposeTarget(engine, fetcher, stager, new Swapper(engine, hooks, time), new Restorer(engine, stager, files, hooks), new Remnants(engine), previous),
            new ContainerSampler(engine, new ProbeSet(new HttpProbe(time), new TcpProbe(time), engine)),
            kept,
            connection);
    }

    private static OciRegistry ConnectRegistries(AgentSettings settings, IRegistryCredentials credentials, ILoggerFactory logging, TimeProvider time) =>
        new(settings.Registries, credentials, time, logging.CreateLogger<OciRegistry>());

    /// <summary>What the config says of a registry comes before Docker's own logins. Checks and pulls share what they hold.</summary>
    private static CredentialChain Credentials(AgentSettings settings, ILoggerFactory logging, TimeProvider time) => new(
        new SettingsCredentials(settings.Registries),
        new AzureCredentials(settings.Registries, new SignIn(new EntraCredentials(), time), new RegistryPatience(), time),
        new DockerLogins(DockerLogins.DefaultPath(), new HelperLogins(CredentialHelper.OfThisMachine(time), time), logging.CreateLogger<DockerLogins>()));
}
