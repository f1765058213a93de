using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Configuration;

/// <summary>Who is told. The addresses of chat hooks are secrets, so no error shows them.</summary>
internal static class NotifyShape
{
    private static readonly ListShape<Outcome> Outcomes = new("a list of outcomes", Texts.OneOf<Outcome>(new HookSettings().On)) { NotEmpty = true };

    private static readonly ListShape<HookSettings> ChatHooks = new("a list of hooks", Hook("webhookUrl"));

    private static readonly ListShape<HookSettings> Webhooks = new("a list of hooks", Hook("url")
        .Has("secret", Texts.Secret,
            "Signs each notice, in X-Omis-Signature-256.",
            hook => hook.Secret, (hook, value) => hook with { Secret = value }));

    public static readonly ObjectShape<NotifySettings> Notify = new ObjectShape<NotifySettings>("an object", new())
        .Has("slack", ChatHooks,
            "Slack channels, by incoming webhook.",
            notify => notify.Slack, (notify, value) => notify with { Slack = value })
        .Has("teams", ChatHooks,
            "Teams channels, by workflow webhook.",
            notify => notify.Teams, (notify, value) => notify with { Teams = value })
        .Has("webhook", Webhooks,
            "Anything that takes CloudEvents.",
            notify => notify.Webhook, (notify, value) => notify with { Webhook = value });

    private static ObjectShape<HookSettings> Hook(string url) => new ObjectShape<HookSettings>("an object", new())
        .Has(url, Texts.SecretUrl,
            "Where notices are posted.",
            hook => hook.Url, (hook, value) => hook with { Url = value })
        .Has("on", Outcomes,
            "Which outcomes are told.",
            hook => hook.On, (hook, value) => hook with { On = value })
        .With(Rule.Needs(url));
}
