using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Configuration;

/// <summary>The whole config. Reader, schema and the list of known keys all come from this description.</summary>
internal static class SettingsShape
{
    private static readonly ObjectShape<EngineSettings> Engine = new ObjectShape<EngineSettings>("an object", ConfigDefaults.OfThisSystem.Engine)
        .Has("endpoint", EngineEndpoint(),
            "Where the Docker engine listens. Without it DOCKER_HOST counts, then the system's own socket.",
            engine => engine.Endpoint, (engine, value) => engine with { Endpoint = value })
        .Has("caFile", Texts.File,
            "The certificate authority (PEM) of an engine reached over TLS.",
            engine => engine.CaFile, (engine, value) => engine with { CaFile = value })
        .Has("certificateFile", Texts.File,
            "The client certificate (PEM) shown to the engine.",
            engine => engine.CertificateFile, (engine, value) => engine with { CertificateFile = value })
        .Has("keyFile", Texts.File,
            "The client certificate's key (PEM).",
            engine => engine.KeyFile, (engine, value) => engine with { KeyFile = value })
        .Has("keepFree", Texts.Size,
            "How much of the engine's disk stays free: below it nothing is pulled.",
            engine => engine.KeepFree, (engine, value) => engine with { KeepFree = value })
        .With(Rule.Together("certificateFile", "keyFile"));

    private static readonly ObjectShape<AgentSettings> State = new ObjectShape<AgentSettings>("an object", ConfigDefaults.OfThisSystem)
        .Has("directory", Texts.Place,
            "Where the journal and history are kept.",
            state => state.StateDirectory, (state, value) => state with { StateDirectory = value });

    private static readonly ObjectShape<ControlSettings> Control = new ObjectShape<ControlSettings>("an object", ConfigDefaults.OfThisSystem.Control)
        .Has("socket", Texts.Place,
            "The unix socket on which the service answers root, its own user and the members of the socket's group.",
            control => control.Socket, (control, value) => control with { Socket = value })
        .Has("listen", Texts.Listen,
            "HOST:PORT for webhooks, metrics and the API; nothing listens without it.",
            control => control.Listen, (control, value) => control with { Listen = value })
        .Has("token", Texts.Secret,
            "The bearer token asked of those who call the port.",
            control => control.Token, (control, value) => control with { Token = value })
        .Has("webhookSecret", Texts.Secret,
            "What registries show or sign with at /webhooks/, and good for nothing else; without it they need the token.",
            control => control.WebhookSecret, (control, value) => control with { WebhookSecret = value })
        .Has("certificateFile", Texts.File,
            "The certificate chain (PEM) that the port shows; it is read again when it is renewed. Without it there is no TLS.",
            control => control.CertificateFile, (control, value) => control with { CertificateFile = value })
        .Has("keyFile", Texts.File,
            "The certificate's key (PEM).",
            control => control.KeyFile, (control, value) => control with { KeyFile = value })
        .With(Rule.Together("certificateFile", "keyFile"))
        .With(Rule.Requires("listen", "token"))
        .Advise("listen", ControlAdvice.Listen)
        .Advise("token", control => ControlAdvice.Secret(control.Token))
        .Advise("webhookSecret", control => ControlAdvice.Secret(control.WebhookSecret));

    private static readonly ObjectShape<ScheduleSettings> Check = new ObjectShape<ScheduleSettings>("an object", new())
        .Has("every", Texts.DurationOf(TimeSpan.FromSeconds(1)),
            "How long after one check the next one comes.",
            check => check.Every, (check, value) => check with { Every = value })
        .Has("jitter", Texts.Percent,
            "By how much of itself that time varies, so that many agents do not ask at once.",
            check => check.Jitter, (check, value) => check with { Jitter = value })
        .Has("cron", Texts.Text("a cron expression of five or six fields that some day meets", CronText.Occurs),
            "When to check, instead of 'every': minute hour day month weekday, with seconds before them if there are six.",
            check => check.Cron, (check, value) => check with { Cron = value })
        .Has("timeZone", Texts.TimeZone,
            "The time zone of 'cron'.",
            check => check.TimeZone, (check, value) => check with { TimeZone = value })
        .Has("debounce", Texts.Duration,
            "How long nothing more must be heard of a webhook before what it names is checked.",
            check => check.Debounce, (check, value) => check with { Debounce = value })
        .With(Rule.NotBoth("cron", "every"));

    public static readonly ObjectShape<AgentSettings> Root = new ObjectShape<AgentSettings>("an object", ConfigDefaults.OfThisSystem)
        .Has("$schema", new TextShape<string>("a text", (text, _) => new(text), text => text) { OwnFile = true },
            "For editors; ignored.",
            _ => null, (settings, _) => settings)
        .Has("engine", Engine,
            "The Docker engine whose services are kept up to date.",
            settings => settings.Engine, (settings, value) => settings with { Engine = value })
        .Has("state", State,
            "What the agent remembers.",
            settings => settings, (_, value) => value)
        .Has("control", Control,
            "How the agent is asked and told.",
            settings => settings.Control, (settings, value) => settings with { Control = value })
        .Has("check", Check,
            "When registries are asked for new images.",
            settings => settings.Check, (settings, value) => settings with { Check = value })
        .Has("defaults", ProjectShape.Defaults,
            "What holds for every project that does not say otherwise.",
            settings => settings.Defaults, (settings, value) => settings with { Defaults = value })
        .HasEach("projects", ProjectShape.Names, ProjectShape.Project,
            "By compose project: only what differs from the defaults.",
            settings => settings.Defaults, (settings, value) => settings with { Projects = value })
        .HasEach("registries", RegistryShape.Hosts, RegistryShape.Registry,
            "By registry host: how it is reached and who asks.",
            _ => null, (settings, value) => settings with { Registries = value })
        .Has("log", LogShape.Log,
            "What the service logs, and where besides standard error or the journal.",
            settings => settings.Log, (settings, value) => settings with { Log = value })
        .Has("notify", NotifyShape.Notify,
            "Who is told how rollouts ended.",
            settings => settings.Notify, (settings, value) => settings with { Notify = value })
        .Has("telemetry", TelemetryShape.Telemetry,
            "Who is sent what is measured.",
            settings => settings.Telemetry, (settings, value) => settings with { Telemetry = value });

    private static TextShape<Uri> EngineEndpoint() => new(
        EngineAddress.Expected,
        (text, _) => EngineAddress.TryParse(text) is { } uri ? new(uri) : null,
        uri => uri.OriginalString)
    { Pattern = "(?:unix|npipe|tcp|https?)://.+" };
}
