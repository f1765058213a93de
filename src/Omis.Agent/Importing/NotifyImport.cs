using System.Text.Json.Nodes;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Notifiers.Shoutrrr;

namespace Omis.Agent.Importing;

/// <summary>Watchtower's notifications. Of its older kinds it uses those that <c>notifications</c> names.</summary>
/// <param name="note">Of a flag: its fate and text, instead of the table's.</param>
internal sealed class NotifyImport(GivenOptions given, ConfigDraft draft, Action<string, Fate, string> note)
{
    public void Fill()
    {
        if (given.Text("notifications-hostname") is { } host)
        {
            draft.Set(host, "notify", "host");
        }

        if ((given.Text("notification-title-tag") ?? given.Text("notification-email-subjecttag")) is { } tag)
        {
            draft.Set($"[{tag}] {MessageTemplate.DefaultTitle}", "notify", "template", "title");
        }

        Kind("email", Email);
        Kind("slack", () => Hook("slack", "notification-slack-hook-url"));
        Kind("msteams", () => Hook("teams", "notification-msteams-hook"));
        Kind("gotify", Gotify);
        foreach (var url in given.List("notification-url"))
        {
            Shoutrrr(url);
        }
    }

    private static string Variable(string flag) => WatchtowerOptions.All.First(option => option.Flag == flag).Environment!;

    private void Kind(string name, Action fill)
    {
        var own = given.Options.Keys.Where(flag => flag.StartsWith($"notification-{name}-", StringComparison.Ordinal)).ToArray();
        if (given.List("notifications").Contains(name))
        {
            fill();
            return;
        }

        foreach (var flag in own)
        {
            note(flag, Fate.Already, $"Watchtower did not use it: its notifications do not name {name}");
        }
    }

    private void Email()
    {
        if (given.Text("notification-email-server") is not { } server || given.Text("notification-email-from") is not { } from || given.Text("notification-email-to") is not { } to)
        {
            note("notifications", Fate.Missing, "email needs a server, from and to, and not all were given; write notify.email by hand");
            return;
        }

        var port = given.Text("notification-email-server-port") ?? "25";
        var (user, password) = (given.Text("notification-email-server-user"), given.Text("notification-email-server-password"));
        var channel = new JsonObject
        {
            ["server"] = $"{server}:{port}",
            ["security"] = port == "465" ? "tls" : user is null && port == "25" ? "none" : "startTls",
            ["from"] = from,
            ["to"] = to,
        };
        if (user is { Length: > 0 } && password is { Length: > 0 })
        {
            channel["username"] = user;
            channel["passwordFile"] = draft.Keep("email-password", Variable("notification-email-server-password"), password);
        }

        Add("email", channel);
    }

    private void Hook(string kind, string flag)
    {
        if (given.Text(flag) is { } url)
        {
            Add(kind, new JsonObject { ["webhookUrlFile"] = draft.Keep($"{kind}-url", Variable(flag), url) });
        }
    }

    private void Gotify()
    {
        if (given.Text("notification-gotify-url") is { } url && given.Text("notification-gotify-token") is { } token)
        {
            Add("gotify", new JsonObject { ["url"] = url, ["tokenFile"] = draft.Keep("gotify-token", Variable("notification-gotify-token"), token) });
        }
    }

    private void Shoutrrr(string url)
    {
        if (ShoutrrrUrl.Read(url) is not null)
        {
            Add("shoutrrr", new JsonObject { ["urlFile"] = draft.Keep("shoutrrr-url", Variable("notification-url"), url) });
            return;
        }

        var service = url.Split("://")[0];
        note("notification-url", Fate.Missing, service == "teams"
            ? "teams:// means connectors, which Microsoft has retired; nearest: a workflow's URL in notify.teams"
            : $"{(service.Length is > 0 and < 30 ? service : "that service")} has no equivalent, or its URL is not whole; nearest: notify.webhook, or another of the kinds in docs/notifications.md");
    }

    private void Add(string kind, JsonObject channel)
    {
        if (given.Text("notifications-level")?.ToUpperInvariant() switch { "PANIC" or "FATAL" => "critical", "ERROR" => "error", "WARN" or "WARNING" => "warning", _ => null } is { } severity)
        {
            channel["minimumSeverity"] = severity;
        }

        draft.Add(channel, "notify", kind);
    }
}
