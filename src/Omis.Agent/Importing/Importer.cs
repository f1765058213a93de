using System.Collections.Immutable;
using System.Globalization;
using Omis.Agent.Configuration;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Importing;

/// <summary>
/// From how a Watchtower is run to the config that means the same. Pure. Nothing that was given is dropped silently: each
/// has a note, and secrets become files that the config names.
/// </summary>
internal sealed class Importer
{
    private const string CertificateFolder = "/var/lib/docker/certs";

    private readonly WatchtowerRun run;
    private readonly GivenOptions given;
    private readonly Func<string, WorkloadId?> workload;
    private readonly ConfigDraft draft = new();
    private readonly List<ImportNote> notes = [];
    private readonly HashSet<string> noted = [];

    private Importer(WatchtowerRun run, Func<string, WorkloadId?> workload) => (this.run, given, this.workload) = (run, GivenOptions.Of(run), workload);

    /// <param name="workload">Which workload a container is; null where that is not known, as without an engine.</param>
    public static ImportResult Import(WatchtowerRun run, Func<string, WorkloadId?> workload) => new Importer(run, workload).Result();

    private ImportResult Result()
    {
        Engine();
        Schedule();
        Selection();
        Control();
        Log();
        Registries();
        new NotifyImport(given, draft, Note).Fill();
        foreach (var flag in given.Options.Keys.Where(flag => !noted.Contains(flag)))
        {
            Note(flag);
        }

        foreach (var unknown in given.Unknown)
        {
            notes.Add(new ImportNote(unknown, Fate.Missing, "Watchtower 1.7 does not know it either; see what it was meant for"));
        }

        notes.AddRange(run.Unread.Select(unread => new ImportNote("not read", Fate.Missing, unread)));
        notes.AddRange(run.Labels.Select(label => (label.Of, label.Label, Known: WatchtowerLabel.Find(label.Label))).Where(label => label.Known is not null)
            .Select(label => new ImportNote($"label {label.Label} of {label.Of}", label.Known!.Fate, Plain(label.Known.Here))));
        return new ImportResult(draft.Config, [.. notes], draft.Secrets);
    }

    private void Engine()
    {
        if (given.Text("host") is { } host && host != "unix:///var/run/docker.sock")
        {
            draft.Set(host, "engine", "endpoint");
        }

        if (given.Is("tlsverify") || run.Environment.ContainsKey("DOCKER_CERT_PATH"))
        {
            var folder = run.Environment.GetValueOrDefault("DOCKER_CERT_PATH", CertificateFolder).TrimEnd('/');
            draft.Set($"{folder}/ca.pem", "engine", "caFile");
            draft.Set($"{folder}/cert.pem", "engine", "certificateFile");
            draft.Set($"{folder}/key.pem", "engine", "keyFile");
            notes.Add(new ImportNote("DOCKER_CERT_PATH", Fate.Mapped, $"engine.caFile, certificateFile and keyFile: {folder} is Watchtower's; put there where it is on this machine"));
        }
    }

    private void Schedule()
    {
        if (run.Environment.GetValueOrDefault("TZ") is { Length: > 0 } zone)
        {
            draft.Set(zone, "check", "timeZone");
            notes.Add(new ImportNote("TZ", Fate.Mapped, "check.timeZone"));
        }

        if (given.Text("schedule") is { } schedule)
        {
            Cron(schedule.Trim());
        }
        else if (given.Text("interval") is { } interval)
        {
            if (long.TryParse(interval, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0)
            {
                draft.Set(Durations.Text(TimeSpan.FromSeconds(seconds)), "check", "every");
            }
            else
            {
                Note("interval", Fate.Missing, "is no number of seconds; check.every takes a duration such as 5m");
            }
        }
        else if (!given.Is("run-once"))
        {
            draft.Set("24h", "check", "every");
            notes.Add(new ImportNote("no interval", Fate.Mapped, "check.every 24h, Watchtower's own default; one small question for each image makes 5m cheap, which is the default here"));
        }
    }

    /// <summary>As robfig/cron 1.2 reads it: seconds first, weekday left out if there are five fields, and words for the usual ones.</summary>
    private void Cron(string schedule)
    {
        if (schedule.StartsWith("@every ", StringComparison.Ordinal))
        {
            if (Durations.TryParse(schedule[7..].Trim()) is { } every)
            {
                draft.Set(Durations.Text(every), "check", "every");
                return;
            }
        }
        else if (Written(schedule) is { } cron && CronText.Occurs(cron))
        {
            draft.Set(cron, "check", "cron");
            return;
        }

        Note("schedule", Fate.Missing, "is no schedule that can be read; check.cron takes five or six fields, such as 0 0 4 * * *");
    }

    private static string? Written(string schedule) => schedule switch
    {
        "@yearly" or "@annually" => "0 0 0 1 1 *",
        "@monthly" => "0 0 0 1 * *",
        "@weekly" => "0 0 0 * * 0",
        "@daily" or "@midnight" => "0 0 0 * * *",
        "@hourly" => "0 0 * * * *",
        _ => schedule.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is { Length: 5 } five ? $"{string.Join(' ', five)} *" : schedule,
    };

    private void Selection()
    {
        var mode = given.Is("monitor-only") || given.Is("no-restart") ? "notify" : "auto";
        if (given.Is("label-enable"))
        {
            draft.Set(true, "defaults", "optIn");
        }

        if (!given.Names.IsEmpty)
        {
            draft.Set("never", "defaults", "update");
        }
        else if (mode == "notify")
        {
            draft.Set(mode, "defaults", "update");
        }

        foreach (var name in given.Names)
        {
            notes.Add(new ImportNote($"container {name}", Fate.Mapped, Update(name, mode)));
        }

        foreach (var name in given.List("disable-containers"))
        {
            notes.Add(new ImportNote($"container {name}", Fate.Mapped, Update(name, "never")));
        }
    }

    private string Update(string container, string mode)
    {
        var name = container.TrimStart('/');
        if (workload(name) is { } id && id.Project != id.Service)
        {
            draft.Set(mode, "projects", id.Project, "services", id.Service, "update");
            return $"projects.{id.Project}.services.{id.Service}.update {mode}";
        }

        draft.Set(mode, "projects", name, "update");
        return workload(name) is null
            ? $"projects.{name}.update {mode}, as for a container outside compose; for a compose service write projects.PROJECT.services.SERVICE.update instead"
            : $"projects.{name}.update {mode}";
    }

    private void Control()
    {
        if (!given.Is("http-api-update"))
        {
            if (given.Text("http-api-token") is not null)
            {
                Note("http-api-token", Fate.Already, "Watchtower's update API was not on, so nothing listens here either");
            }

            return;
        }

        var port = run.Ports.Select(port => port.Split('/')[0]).FirstOrDefault(port => port.EndsWith(":8080", StringComparison.Ordinal))?[..^":8080".Length];
        draft.Set(port is null ? "127.0.0.1:8480" : port.Contains(':', StringComparison.Ordinal) ? port : $"0.0.0.0:{port}", "control", "listen");
        draft.SetSecret("http-api-token", Name("http-api-token"), given.Text("http-api-token") ?? "", "control", "token");
        Note("http-api-update");
        Note("http-api-token");
    }

    private void Log()
    {
        var level = given.Is("trace") || given.Is("debug") ? "debug" : given.Text("log-level")?.ToUpperInvariant() switch
        {
            "PANIC" or "FATAL" or "ERROR" => "error",
            "WARN" or "WARNING" => "warning",
            "DEBUG" or "TRACE" => "debug",
            _ => null,
        };
        if (level is not null)
        {
            draft.Set(level, "log", "level");
        }

        if (string.Equals(given.Text("log-format"), "json", StringComparison.OrdinalIgnoreCase))
        {
            draft.Set("json", "log", "format");
        }
    }

    private void Registries()
    {
        if (run.Environment.GetValueOrDefault("REPO_USER") is { Length: > 0 } user && run.Environment.GetValueOrDefault("REPO_PASS") is { Length: > 0 } password)
        {
            draft.Set(user, "registries", "docker.io", "username");
            draft.SetSecret("registry-password", "REPO_PASS", password, "registries", "docker.io", "password");
            notes.Add(new ImportNote("REPO_USER, REPO_PASS", Fate.Mapped, "registries[\"docker.io\"]; write another host if the images come from there"));
        }

        if (run.Environment.ContainsKey("DOCKER_CONFIG") || run.Mounts.Any(IsLogins))
        {
            var file = run.Mounts.FirstOrDefault(IsLogins)?.Split(':')[0];
            notes.Add(new ImportNote(file is null ? "DOCKER_CONFIG" : $"mount {file}", Fate.Missing, $"the service has a home of its own; nearest: copy {file ?? "that config.json"} to /var/lib/omis-agent/.docker/config.json for the user omis-agent, or use registries"));
        }
    }

    private static bool IsLogins(string mount) => mount.Split(':') is [_, var inside, ..] && inside.EndsWith("/config.json", StringComparison.Ordinal);

    private string Name(string flag) => WatchtowerOptions.All.First(option => option.Flag == flag) is { Environment: { } variable } && run.Environment.ContainsKey(variable) ? variable : $"--{flag}";

    /// <summary>What the table says of the flag.</summary>
    private void Note(string flag)
    {
        var option = WatchtowerOptions.All.First(option => option.Flag == flag);
        if (given.Options.ContainsKey(flag))
        {
            // A switch that is off means what silence means.
            var isOff = option.Kind == OptionKind.Switch && !given.Is(flag);
            Note(flag, isOff ? Fate.Already : option.Fate, isOff ? "is off, as it is without it" : Plain(option.Here));
        }
    }

    private void Note(string flag, Fate fate, string text)
    {
        if (noted.Add(flag))
        {
            notes.Add(new ImportNote(Name(flag), fate, text));
        }
    }

    private static string Plain(string markdown) => markdown.Replace("`", "", StringComparison.Ordinal);
}
