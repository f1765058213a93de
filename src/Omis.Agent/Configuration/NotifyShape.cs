using System.Collections.Immutable;
using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Settings;
using Omis.Agent.Hosting;

namespace Omis.Agent.Configuration;

/// <summary>Who is told: a list for each kind of notifier that there is, and what holds for all of them.</summary>
internal static class NotifyShape
{
    private static readonly ObjectShape<MessageTemplate> Words = new ObjectShape<MessageTemplate>("an object", MessageTemplate.Default)
        .Has("title", TemplateText(),
            "The title of a rollout's message, as a template.",
            template => template.Title, (template, value) => template with { Title = value })
        .Has("body", TemplateText(),
            "Its text, as a template.",
            template => template.Body, (template, value) => template with { Body = value });

    private static readonly ObjectShape<PingSettings> Ping = new ObjectShape<PingSettings>("an object", new(""))
        .Has("url", Texts.SecretUrl,
            "Called after each good cycle; with /fail behind it after a bad one.",
            ping => ping.Url, (_, value) => new PingSettings(value))
        .With(Rule.Needs("url"));

    public static readonly ObjectShape<NotifySettings> Notify = Channels(new ObjectShape<NotifySettings>("an object", new())
        .Has("host", Texts.Plain,
            "What this machine is called in notices; its own name otherwise.",
            notify => notify.Host, (notify, value) => notify with { Host = value })
        .Has("keep", Texts.DurationOf(TimeSpan.FromMinutes(1)),
            "How long a notice that cannot be delivered is tried before it is given up.",
            notify => notify.Keep, (notify, value) => notify with { Keep = value })
        .Has("template", Words,
            "The words of a rollout's message.",
            notify => notify.Template, (notify, value) => notify with { Template = value })
        .Has("ping", new ListShape<PingSettings>("a list of addresses", Ping),
            "A dead-man's switch, such as healthchecks.io: told after each cycle, so that it misses a service that is gone.",
            notify => [.. notify.Pings.Select(url => new PingSettings(url))], (notify, value) => notify with { Pings = [.. value.Select(ping => ping.Url)] }));

    private static ObjectShape<NotifySettings> Channels(ObjectShape<NotifySettings> shape)
    {
        foreach (var kind in Composition.Notifiers.All)
        {
            shape.Has(
                kind.Name,
                new ListShape<ChannelSettings>("a list of hooks", kind.Shape),
                kind.Description,
                _ => ImmutableArray<ChannelSettings>.Empty,
                (notify, value) => notify with { Channels = [.. notify.Channels, .. value.Select((channel, i) => Named(kind.Name, channel, i))] });
            shape.Check(kind.Name, notify => SameName(kind.Name, notify.Channels));
        }

        return shape;
    }

    private static ChannelSettings Named(string kind, ChannelSettings channel, int index) =>
        channel.Name.Length > 0 ? channel : channel with { Name = index == 0 ? kind : $"{kind}-{index + 1}" };

    private static string? SameName(string kind, ImmutableArray<ChannelSettings> channels) =>
        channels.GroupBy(channel => channel.Name).FirstOrDefault(named => named.Count() > 1 && named.Any(channel => channel.Kind == kind)) is { } twice
            ? $"two channels are called '{twice.Key}'; give one of them another 'name'"
            : null;

    private static TextShape<Template> TemplateText() => new(
        $"a template with {{{{name}}}} and {{{{#name}}}}…{{{{/name}}}} of: {string.Join(", ", MessageTemplate.Names)}",
        (text, _) => TryParse(text) is { } template ? new(template) : null,
        template => template.Source);

    private static Template? TryParse(string text)
    {
        try
        {
            var template = Template.Parse(text);
            return template.Names.All(MessageTemplate.Names.Contains) ? template : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private sealed record PingSettings(string Url)
    {
        /// <summary>Never shows the address.</summary>
        public override string ToString() => "PingSettings";
    }
}
