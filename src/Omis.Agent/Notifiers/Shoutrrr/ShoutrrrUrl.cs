using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Notifiers.Shoutrrr;

/// <summary>From a shoutrrr URL to the channel that it means. Source: containrrr.dev/shoutrrr, "Services", 0.4 to 0.8.</summary>
internal static partial class ShoutrrrUrl
{
    /// <summary>What shoutrrr itself takes from a generic URL's query.</summary>
    private static readonly ImmutableHashSet<string> OwnParameters = ["contenttype", "disabletls", "messagekey", "method", "requestmethod", "template", "titlekey"];

    /// <returns>Null where the service has no equivalent, or something is missing.</returns>
    public static ChannelSettings? Read(string text)
    {
        if (text.StartsWith("generic+http", StringComparison.OrdinalIgnoreCase))
        {
            return Uri.TryCreate(text["generic+".Length..], UriKind.Absolute, out var plain) && plain.Host.Length > 0 ? Webhook(plain.AbsoluteUri) : null;
        }

        // Slack's tokens stand where a host does, and Uri makes hosts lower case.
        var match = Grammar().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var parts = new Parts(match.Groups["user"].Value, match.Groups["password"].Value, match.Groups["host"].Value, [.. match.Groups["path"].Value.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)], Query(match.Groups["query"].Value));
        return match.Groups["service"].Value.ToLowerInvariant() switch
        {
            "slack" => Slack(parts),
            "discord" => Discord(parts),
            "ntfy" => Ntfy(parts),
            "gotify" => Gotify(parts),
            "smtp" => Email(parts),
            "pagerduty" => parts.Path is [.., { Length: 32 } key] ? new() { Kind = "pagerduty", Secret = key } : null,
            "generic" => parts.Host.Length > 0 ? Webhook(Generic(parts)) : null,
            _ => null,
        };
    }

    /// <summary><c>slack://hook:A-B-C@webhook</c>, <c>slack://xoxb:1-2-3@CHANNEL</c>, and before 0.5 <c>slack://[NAME@]A/B/C</c>.</summary>
    private static ChannelSettings? Slack(Parts parts) => parts switch
    {
        { User: "hook", Password: var token } when token.Split('-') is [var one, var two, var three] => SlackHook(one, two, three),
        { User: "xoxb" or "xoxp", Password.Length: > 0, Host.Length: > 0 } => new ChannelSettings { Kind = "slack", Secret = $"{parts.User}-{parts.Password}" }.With("channel", parts.Host),
        { Password: "", Path: [var two, var three] } => SlackHook(parts.Host, two, three),
        _ => null,
    };

    private static ChannelSettings SlackHook(string one, string two, string three) => new() { Kind = "slack", Url = $"https://hooks.slack.com/services/{one}/{two}/{three}" };

    /// <summary><c>discord://TOKEN@ID</c>.</summary>
    private static ChannelSettings? Discord(Parts parts) =>
        parts is { User.Length: > 0, Password: "" } && parts.Host.All(char.IsAsciiDigit) && parts.Host.Length > 0
            ? new() { Kind = "discord", Url = $"https://discord.com/api/webhooks/{parts.Host}/{parts.User}" }
            : null;

    /// <summary><c>ntfy://[USER:PASSWORD@]HOST/TOPIC</c>; a token stands for the password of nobody.</summary>
    private static ChannelSettings? Ntfy(Parts parts)
    {
        if (parts is not { Host.Length: > 0, Path: [var topic] })
        {
            return null;
        }

        var channel = new ChannelSettings { Kind = "ntfy", Url = $"{parts.Query.GetValueOrDefault("scheme", "https")}://{parts.Host}/{Uri.EscapeDataString(topic)}", Secret = parts.Password is { Length: > 0 } secret ? secret : null };
        return parts.User.Length > 0 && channel.Secret is not null ? channel.With("username", parts.User) : channel;
    }

    /// <summary><c>gotify://HOST[:PORT][/PATH]/TOKEN</c>.</summary>
    private static ChannelSettings? Gotify(Parts parts) =>
        parts is { Host.Length: > 0, Path: [.. var path, var token] }
            ? new() { Kind = "gotify", Url = $"{parts.Scheme}://{string.Join('/', path.Prepend(parts.Host))}", Secret = token }
            : null;

    /// <summary><c>smtp://USER:PASSWORD@HOST:PORT/?from=…&amp;to=…</c>.</summary>
    private static ChannelSettings? Email(Parts parts)
    {
        var (from, to) = (parts.Query.GetValueOrDefault("from", parts.Query.GetValueOrDefault("fromaddress", "")), parts.Query.GetValueOrDefault("to", parts.Query.GetValueOrDefault("toaddresses", "")));
        if (parts.Host.Length == 0 || from.Length == 0 || to.Length == 0)
        {
            return null;
        }

        var channel = new ChannelSettings { Kind = "email" }
            .With("server", parts.Host.Contains(':', StringComparison.Ordinal) ? parts.Host : $"{parts.Host}:587")
            .With("from", from)
            .With("to", to)
            .With("security", Security(parts));
        return parts.Password.Length == 0 ? channel
            : channel.Option("security") == "none" ? null
            : (channel with { Secret = parts.Password }).With("username", parts.User);
    }

    private static string Security(Parts parts) => parts.Query.GetValueOrDefault("encryption", "auto").ToLowerInvariant() switch
    {
        "implicittls" => "tls",
        "none" => "none",
        "auto" when parts.Host.EndsWith(":465", StringComparison.Ordinal) => "tls",
        _ => "startTls",
    };

    private static ChannelSettings Webhook(string url) => new() { Kind = "webhook", Url = url };

    /// <summary>The body differs: a CloudEvent instead of shoutrrr's message.</summary>
    private static string Generic(Parts parts)
    {
        var query = string.Join('&', parts.Query.Where(pair => !OwnParameters.Contains(pair.Key) && pair.Key[0] is not ('@' or '$')).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        return $"{parts.Scheme}://{string.Join('/', parts.Path.Select(Uri.EscapeDataString).Prepend(parts.Host))}" + (query.Length > 0 ? "?" + query : "");
    }

    private static ImmutableDictionary<string, string> Query(string text) => text.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2)).GroupBy(pair => Uri.UnescapeDataString(pair[0]).ToLowerInvariant())
        .ToImmutableDictionary(pair => pair.Key, pair => Uri.UnescapeDataString(pair.First().ElementAtOrDefault(1)?.Replace('+', ' ') ?? ""));

    private sealed record Parts(string RawUser, string RawPassword, string Host, ImmutableArray<string> Path, ImmutableDictionary<string, string> Query)
    {
        public string User => Uri.UnescapeDataString(RawUser);

        public string Password => Uri.UnescapeDataString(RawPassword);

        public string Scheme => Query.GetValueOrDefault("disabletls", "no").ToLowerInvariant() is "yes" or "true" or "1" ? "http" : "https";

        /// <summary>Never shows a secret.</summary>
        public override string ToString() => $"Parts {{ Host = {Host} }}";
    }

    [GeneratedRegex(@"^(?<service>[A-Za-z]+)://(?:(?<user>[^:@/?#]*)(?::(?<password>[^@/?#]*))?@)?(?<host>[^/?#]*)(?<path>/[^?#]*)?(?:\?(?<query>[^#]*))?(?:#.*)?\z")]
    private static partial Regex Grammar();
}
