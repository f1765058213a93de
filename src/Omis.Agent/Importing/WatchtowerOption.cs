using System.Collections.Immutable;

namespace Omis.Agent.Importing;

/// <summary>Something that Watchtower can be given, and what becomes of it here.</summary>
/// <param name="Flag">Without its dashes.</param>
/// <param name="Short">The one letter, or null.</param>
/// <param name="Environment">The variable that means the same, or null.</param>
/// <param name="Here">The key that it becomes; why there is nothing to do; or why there is no equivalent, and the nearest thing.</param>
internal sealed record WatchtowerOption(string Flag, char? Short, string? Environment, OptionKind Kind, Fate Fate, string Here);

internal enum OptionKind
{
    Switch, Value,

    /// <summary>Several, with commas or blanks between them.</summary>
    List,

    /// <summary>Several, with blanks between them.</summary>
    Urls,
}

internal enum Fate
{
    /// <summary>It becomes a part of the config.</summary>
    Mapped,

    /// <summary>The agent does so without being told.</summary>
    Already,

    /// <summary>There is no equivalent.</summary>
    Missing,
}

/// <summary>All of Watchtower's flags. Source: containrrr/watchtower v1.7.1, internal/flags/flags.go and docs/arguments.md.</summary>
internal static class WatchtowerOptions
{
    public static readonly ImmutableArray<WatchtowerOption> All =
    [
        new("host", 'H', "DOCKER_HOST", OptionKind.Value, Fate.Mapped, "`engine.endpoint`"),
        new("tlsverify", 'v', "DOCKER_TLS_VERIFY", OptionKind.Switch, Fate.Mapped, "`engine.caFile`, `certificateFile` and `keyFile`, from DOCKER_CERT_PATH"),
        new("api-version", 'a', "DOCKER_API_VERSION", OptionKind.Value, Fate.Already, "the API's version is negotiated with the engine"),
        new("interval", 'i', "WATCHTOWER_POLL_INTERVAL", OptionKind.Value, Fate.Mapped, "`check.every`; Watchtower's own default is a day"),
        new("schedule", 's', "WATCHTOWER_SCHEDULE", OptionKind.Value, Fate.Mapped, "`check.cron` in `check.timeZone`, or `check.every` for `@every`"),
        new("stop-timeout", 't', "WATCHTOWER_TIMEOUT", OptionKind.Value, Fate.Missing, "each container's own grace period counts; nearest: `stop_grace_period` in the compose file"),
        new("no-pull", null, "WATCHTOWER_NO_PULL", OptionKind.Switch, Fate.Missing, "the registry is what decides; nearest: the label `com.centurylinklabs.watchtower.no-pull=true` on each container"),
        new("no-restart", null, "WATCHTOWER_NO_RESTART", OptionKind.Switch, Fate.Mapped, "`defaults.update` `notify`; but nothing is pulled beforehand"),
        new("no-startup-message", null, "WATCHTOWER_NO_STARTUP_MESSAGE", OptionKind.Switch, Fate.Already, "no notice is sent at start"),
        new("cleanup", 'c', "WATCHTOWER_CLEANUP", OptionKind.Switch, Fate.Already, "images beyond `defaults.keepPrevious` (1) are removed; 0 removes them all, and with them the way back without a registry"),
        new("remove-volumes", null, "WATCHTOWER_REMOVE_VOLUMES", OptionKind.Switch, Fate.Missing, "volumes hold data and travel to the new container, anonymous ones too; nearest: `docker compose down --volumes` by hand"),
        new("label-enable", 'e', "WATCHTOWER_LABEL_ENABLE", OptionKind.Switch, Fate.Mapped, "`defaults.optIn`"),
        new("disable-containers", 'x', "WATCHTOWER_DISABLE_CONTAINERS", OptionKind.List, Fate.Mapped, "`update` `never` for each"),
        new("label-take-precedence", null, "WATCHTOWER_LABEL_TAKE_PRECEDENCE", OptionKind.Switch, Fate.Already, "a container's label always wins over the config"),
        new("log-format", 'l', "WATCHTOWER_LOG_FORMAT", OptionKind.Value, Fate.Mapped, "`log.format`, of the log file"),
        new("log-level", null, "WATCHTOWER_LOG_LEVEL", OptionKind.Value, Fate.Mapped, "`log.level`"),
        new("debug", 'd', "WATCHTOWER_DEBUG", OptionKind.Switch, Fate.Mapped, "`log.level` `debug`"),
        new("trace", null, "WATCHTOWER_TRACE", OptionKind.Switch, Fate.Mapped, "`log.level` `debug`; credentials are never logged"),
        new("monitor-only", 'm', "WATCHTOWER_MONITOR_ONLY", OptionKind.Switch, Fate.Mapped, "`defaults.update` `notify`"),
        new("run-once", 'R', "WATCHTOWER_RUN_ONCE", OptionKind.Switch, Fate.Missing, "it is no setting; nearest: `omis-agent run --once`, from a timer or by hand"),
        new("include-restarting", null, "WATCHTOWER_INCLUDE_RESTARTING", OptionKind.Switch, Fate.Already, "restarting containers are updated like running ones"),
        new("include-stopped", 'S', "WATCHTOWER_INCLUDE_STOPPED", OptionKind.Switch, Fate.Missing, "what is stopped stays as it is, since nothing could prove its update; nearest: `docker compose pull` and `up -d` when it is wanted"),
        new("revive-stopped", null, "WATCHTOWER_REVIVE_STOPPED", OptionKind.Switch, Fate.Missing, "what a person stopped stays stopped; nearest: `docker compose up -d`"),
        new("enable-lifecycle-hooks", null, "WATCHTOWER_LIFECYCLE_HOOKS", OptionKind.Switch, Fate.Missing, "commands in Watchtower's labels are not run; nearest: compose's own `pre_stop` and `post_start`, which are, and an `exec` probe for what must hold after an update"),
        new("rolling-restart", null, "WATCHTOWER_ROLLING_RESTART", OptionKind.Switch, Fate.Already, "services go one after the other, replicas too"),
        new("http-api-update", null, "WATCHTOWER_HTTP_API_UPDATE", OptionKind.Switch, Fate.Mapped, "`control.listen`; who called `/v1/update` posts to `/webhooks/generic` (docs/webhooks.md)"),
        new("http-api-token", null, "WATCHTOWER_HTTP_API_TOKEN", OptionKind.Value, Fate.Mapped, "`control.tokenFile`"),
        new("http-api-metrics", null, "WATCHTOWER_HTTP_API_METRICS", OptionKind.Switch, Fate.Missing, "Watchtower's counters have no counterpart by name; nearest: `control.listen` with `/readyz`, and `omis-agent status --json`"),
        new("http-api-periodic-polls", null, "WATCHTOWER_HTTP_API_PERIODIC_POLLS", OptionKind.Switch, Fate.Already, "the schedule goes on whatever webhooks come"),
        new("no-color", null, "NO_COLOR", OptionKind.Switch, Fate.Already, "colours appear on a terminal only, and NO_COLOR is honoured"),
        new("scope", null, "WATCHTOWER_SCOPE", OptionKind.Value, Fate.Missing, "one agent keeps one engine; nearest: `defaults.optIn` with labels, or `projects` by name"),
        new("porcelain", 'P', "WATCHTOWER_PORCELAIN", OptionKind.Value, Fate.Missing, "its format is Watchtower's own; nearest: `omis-agent run --once --json`"),
        new("health-check", null, null, OptionKind.Switch, Fate.Missing, "it is no setting; nearest: systemd's watchdog, `omis-agent status`, `/livez` of `control.listen`"),
        new("warn-on-head-failure", null, "WATCHTOWER_WARN_ON_HEAD_FAILURE", OptionKind.Value, Fate.Already, "a registry that does not answer is logged once, told of once, and shown by `status`"),
        new("notifications", 'n', "WATCHTOWER_NOTIFICATIONS", OptionKind.List, Fate.Mapped, "the kinds below `notify`"),
        new("notifications-level", null, "WATCHTOWER_NOTIFICATIONS_LEVEL", OptionKind.Value, Fate.Mapped, "`minimumSeverity` of each channel"),
        new("notifications-delay", null, "WATCHTOWER_NOTIFICATIONS_DELAY", OptionKind.Value, Fate.Already, "a rollout is one message, so that nothing has to be gathered"),
        new("notifications-hostname", null, "WATCHTOWER_NOTIFICATIONS_HOSTNAME", OptionKind.Value, Fate.Mapped, "`notify.host`"),
        new("notification-url", null, "WATCHTOWER_NOTIFICATION_URL", OptionKind.Urls, Fate.Mapped, "`notify.shoutrrr`"),
        new("notification-template", null, "WATCHTOWER_NOTIFICATION_TEMPLATE", OptionKind.Value, Fate.Missing, "Go templates over Watchtower's own data mean nothing here; nearest: `notify.template` (docs/notifications.md)"),
        new("notification-report", null, "WATCHTOWER_NOTIFICATION_REPORT", OptionKind.Switch, Fate.Already, "a message tells of a whole rollout, not of log lines"),
        new("notification-title-tag", null, "WATCHTOWER_NOTIFICATION_TITLE_TAG", OptionKind.Value, Fate.Mapped, "`notify.template.title`"),
        new("notification-skip-title", null, "WATCHTOWER_NOTIFICATION_SKIP_TITLE", OptionKind.Switch, Fate.Missing, "every message has a title; nearest: a short `notify.template.title`"),
        new("notification-log-stdout", null, "WATCHTOWER_NOTIFICATION_LOG_STDOUT", OptionKind.Switch, Fate.Missing, "logs go to standard error or the journal; nearest: `log.file`"),
        new("notification-email-from", null, "WATCHTOWER_NOTIFICATION_EMAIL_FROM", OptionKind.Value, Fate.Mapped, "`notify.email[].from`"),
        new("notification-email-to", null, "WATCHTOWER_NOTIFICATION_EMAIL_TO", OptionKind.Value, Fate.Mapped, "`notify.email[].to`"),
        new("notification-email-server", null, "WATCHTOWER_NOTIFICATION_EMAIL_SERVER", OptionKind.Value, Fate.Mapped, "`notify.email[].server`"),
        new("notification-email-server-port", null, "WATCHTOWER_NOTIFICATION_EMAIL_SERVER_PORT", OptionKind.Value, Fate.Mapped, "`notify.email[].server` and `security`"),
        new("notification-email-server-tls-skip-verify", null, "WATCHTOWER_NOTIFICATION_EMAIL_SERVER_TLS_SKIP_VERIFY", OptionKind.Switch, Fate.Missing, "certificates are always verified; nearest: the server's authority among the system's own (update-ca-certificates)"),
        new("notification-email-server-user", null, "WATCHTOWER_NOTIFICATION_EMAIL_SERVER_USER", OptionKind.Value, Fate.Mapped, "`notify.email[].username`"),
        new("notification-email-server-password", null, "WATCHTOWER_NOTIFICATION_EMAIL_SERVER_PASSWORD", OptionKind.Value, Fate.Mapped, "`notify.email[].passwordFile`"),
        new("notification-email-delay", null, "WATCHTOWER_NOTIFICATION_EMAIL_DELAY", OptionKind.Value, Fate.Already, "a rollout is one message, so that nothing has to be gathered"),
        new("notification-email-subjecttag", null, "WATCHTOWER_NOTIFICATION_EMAIL_SUBJECTTAG", OptionKind.Value, Fate.Mapped, "`notify.template.title`"),
        new("notification-slack-hook-url", null, "WATCHTOWER_NOTIFICATION_SLACK_HOOK_URL", OptionKind.Value, Fate.Mapped, "`notify.slack[].webhookUrlFile`"),
        new("notification-slack-identifier", null, "WATCHTOWER_NOTIFICATION_SLACK_IDENTIFIER", OptionKind.Value, Fate.Missing, "Slack's hooks speak under the name that their app has; nearest: `notify.host` says which machine"),
        new("notification-slack-channel", null, "WATCHTOWER_NOTIFICATION_SLACK_CHANNEL", OptionKind.Value, Fate.Missing, "Slack's hooks are of one channel; nearest: a hook of that channel, or a bot's `tokenFile` with `channel`"),
        new("notification-slack-icon-emoji", null, "WATCHTOWER_NOTIFICATION_SLACK_ICON_EMOJI", OptionKind.Value, Fate.Missing, "Slack's hooks show the icon that their app has; nearest: set it there"),
        new("notification-slack-icon-url", null, "WATCHTOWER_NOTIFICATION_SLACK_ICON_URL", OptionKind.Value, Fate.Missing, "Slack's hooks show the icon that their app has; nearest: set it there"),
        new("notification-msteams-hook", null, "WATCHTOWER_NOTIFICATION_MSTEAMS_HOOK_URL", OptionKind.Value, Fate.Mapped, "`notify.teams[].webhookUrlFile`; connectors are retired, so make a workflow's URL first"),
        new("notification-msteams-data", null, "WATCHTOWER_NOTIFICATION_MSTEAMS_USE_LOG_DATA", OptionKind.Switch, Fate.Already, "cards show the rollout's facts"),
        new("notification-gotify-url", null, "WATCHTOWER_NOTIFICATION_GOTIFY_URL", OptionKind.Value, Fate.Mapped, "`notify.gotify[].url`"),
        new("notification-gotify-token", null, "WATCHTOWER_NOTIFICATION_GOTIFY_TOKEN", OptionKind.Value, Fate.Mapped, "`notify.gotify[].tokenFile`"),
        new("notification-gotify-tls-skip-verify", null, "WATCHTOWER_NOTIFICATION_GOTIFY_TLS_SKIP_VERIFY", OptionKind.Switch, Fate.Missing, "certificates are always verified; nearest: the server's authority among the system's own (update-ca-certificates)"),
    ];

    /// <summary>Variables that no flag stands for.</summary>
    public static readonly ImmutableArray<WatchtowerOption> Variables =
    [
        new("", null, "TZ", OptionKind.Value, Fate.Mapped, "`check.timeZone`"),
        new("", null, "DOCKER_CERT_PATH", OptionKind.Value, Fate.Mapped, "`engine.caFile`, `certificateFile` and `keyFile`"),
        new("", null, "REPO_USER", OptionKind.Value, Fate.Mapped, "`registries[\"docker.io\"].username`; Watchtower gave it to every registry, the agent gives it to the one that it is written for"),
        new("", null, "REPO_PASS", OptionKind.Value, Fate.Mapped, "`registries[\"docker.io\"].passwordFile`"),
        new("", null, "DOCKER_CONFIG", OptionKind.Value, Fate.Missing, "the service has a home of its own; nearest: put that `config.json` into `/var/lib/omis-agent/.docker`, or use `registries`"),
    ];
}
