using System.Globalization;
using Omis.Agent.Configuration;
using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Notifiers;

/// <summary>The keys that every channel has, to which each kind adds its own.</summary>
internal static class ChannelShape
{
    private static readonly ListShape<NoticeEvent> Events = new(
        "a list of outcomes",
        Texts.OneOf<NoticeEvent>(ChannelRules.Usual.Append(NoticeEvent.Started)))
    { NotEmpty = true };

    private static readonly TextShape<Severity> Severities = Texts.OneOf(Severity.Info, Severity.Warning, Severity.Error, Severity.Critical);

    private static readonly ObjectShape<QuietHours> Quiet = new ObjectShape<QuietHours>("an object", new())
        .Has("from", Hour(),
            "When quiet begins.",
            quiet => quiet.From, (quiet, value) => quiet with { From = value })
        .Has("to", Hour(),
            "When it ends; earlier than 'from' where it lasts over midnight.",
            quiet => quiet.To, (quiet, value) => quiet with { To = value })
        .Has("timeZone", Texts.TimeZone,
            "The time zone of both.",
            quiet => quiet.Zone, (quiet, value) => quiet with { Zone = value })
        .Has("except", Severities,
            "What is told all the same, from this severity on.",
            quiet => quiet.Except, (quiet, value) => quiet with { Except = value });

    /// <param name="on">What such a channel is told where the config does not say.</param>
    public static ObjectShape<ChannelSettings> Of(string kind, params NoticeEvent[] on) =>
        new ObjectShape<ChannelSettings>("an object", new() { Kind = kind, Rules = new() { On = on is [] ? ChannelRules.Usual : [.. on] } })
            .Has("name", Texts.Text("a name of letters, digits, '.', '_' and '-', 64 at most", IsName, "[A-Za-z0-9._-]{1,64}"),
                "What the state, logs and 'status' call this channel; without it its kind, and its number from the second on.",
                channel => channel.Name is { Length: > 0 } name ? name : null, (channel, value) => channel with { Name = value })
            .Has("on", Events,
                "Which outcomes are told.",
                channel => channel.Rules.On, (channel, value) => channel with { Rules = channel.Rules with { On = value } })
            .Has("minimumSeverity", Severities,
                "Nothing less is told: committed is info, refused and failed are warnings, reverted is an error, stuck is critical.",
                channel => channel.Rules.Minimum, (channel, value) => channel with { Rules = channel.Rules with { Minimum = value } })
            .Has("quiet", Quiet,
                "Hours in which notices wait.",
                channel => channel.Rules.Quiet, (channel, value) => channel with { Rules = channel.Rules with { Quiet = value } });

    public static ObjectShape<ChannelSettings> HasUrl(this ObjectShape<ChannelSettings> shape, string key, string description) =>
        shape.Has(key, Texts.SecretUrl, description, channel => channel.Url, (channel, value) => channel with { Url = value });

    public static ObjectShape<ChannelSettings> HasSecret(this ObjectShape<ChannelSettings> shape, string key, string description) =>
        shape.Has(key, Texts.Secret, description, channel => channel.Secret, (channel, value) => channel with { Secret = value });

    /// <param name="usual">What holds without it; needed for a choice of words.</param>
    public static ObjectShape<ChannelSettings> HasOption(this ObjectShape<ChannelSettings> shape, string key, TextShape<string> text, string description, string? usual = null) =>
        shape.Has(key, text, description, channel => channel.Option(key) ?? usual, (channel, value) => channel.With(key, value));

    public static ObjectShape<ChannelSettings> HasFlag(this ObjectShape<ChannelSettings> shape, string key, string description) =>
        shape.Has(key, new FlagShape(), description, channel => channel.Flag(key), (channel, value) => channel.With(key, value ? "true" : "false"));

    /// <summary>A token goes over TLS, or stays on this machine.</summary>
    public static string? InClear(string? url) =>
        url is not null && new Uri(url) is { Scheme: "http", IsLoopback: false } ? "the token would go over the network in clear; expected https://" : null;

    private static bool IsName(string text) => text.Length is > 0 and <= 64 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');

    private static TextShape<TimeOnly> Hour() => new(
        "a time of day such as 22:00",
        (text, _) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? new(time) : null,
        time => time.ToString("HH:mm", CultureInfo.InvariantCulture))
    { Pattern = "(?:[01][0-9]|2[0-3]):[0-5][0-9]" };
}
