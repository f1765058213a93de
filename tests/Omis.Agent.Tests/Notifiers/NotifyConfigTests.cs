using System.Collections.Immutable;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Settings;
using Omis.Agent.Hosting;
using Omis.Agent.Notifiers;
using Omis.Agent.Tests.Configuration;

namespace Omis.Agent.Tests.Notifiers;

public sealed class NotifyConfigTests : IDisposable
{
    private readonly ConfigSandbox sandbox = new();

    public void Dispose() => sandbox.Dispose();

    [Fact]
    public void Channels_have_names_of_their_own_or_are_called_by_their_kind_and_number() =>
        Assert.Equal(
            ["slack", "ops", "slack-3", "webhook"],
            Channels("""{ "slack": [ { "webhookUrl": "https://a.io/1" }, { "name": "ops", "webhookUrl": "https://a.io/2" }, { "webhookUrl": "https://a.io/3" } ], "webhook": [ { "url": "https://a.io/4" } ] }""").Select(channel => channel.Name));

    [Fact]
    public void Every_kind_can_be_configured()
    {
        var channels = Channels("""
            {
              "host": "vm1", "keep": "12h",
              "slack":     [ { "token": "xoxb-1-2", "channel": "C1", "on": ["started", "committed"] } ],
              "teams":     [ { "webhookUrl": "https://prod-1.westeurope.logic.azure.com/workflows/1", "minimumSeverity": "error" } ],
              "webhook":   [ { "url": "https://a.io" } ],
              "email":     [ { "server": "mail.example.com:587", "from": "a@example.com", "to": "b@example.com", "username": "u", "password": "p" } ],
              "discord":   [ { "webhookUrl": "https://discord.com/api/webhooks/1/x" } ],
              "ntfy":      [ { "url": "https://ntfy.sh/ops", "quiet": { "from": "23:00", "to": "06:30", "timeZone": "UTC", "except": "error" } } ],
              "gotify":    [ { "url": "https://g.io", "token": "t" } ],
              "pagerduty": [ { "routingKey": "0123456789abcdef0123456789abcdef" } ],
              "shoutrrr":  [ { "url": "discord://x@1" } ],
              "github":    [ { "token": "github_pat_1", "repositories": "acme/shop, acme/*", "environment": "{project}-{host}", "logUrl": "https://logs.example.com/{rollout}", "production": true } ],
              "azureDevOps": [ { "organizationUrl": "https://dev.azure.com/acme", "azure": { "credential": "managedIdentity" } } ]
            }
            """);

        Assert.Equal(Composition.Notifiers.All.Select(kind => kind.Name), channels.Select(channel => channel.Kind));
        Assert.Equal([NoticeEvent.Started, NoticeEvent.Committed], channels[0].Rules.On);
        Assert.Equal(Severity.Error, channels[1].Rules.Minimum);
        Assert.Equal(new QuietHours { From = new(23, 0), To = new(6, 30), Except = Severity.Error }, channels[5].Rules.Quiet);
        Assert.Equal([NoticeEvent.Committed, NoticeEvent.Reverted, NoticeEvent.Stuck], channels[7].Rules.On);
        using var poster = new Poster(TimeProvider.System);
        Assert.All(channels, channel => Assert.NotNull(Composition.Notifiers.Make(channel, new NotifierTools(poster, "vm1", TimeProvider.System))));
    }

    [Theory]
    [InlineData("""{ "slack": [ {} ] }""", "notify.slack[0]", "'webhookUrl' is missing; it or 'token' must be given")]
    [InlineData("""{ "slack": [ { "token": "x" } ] }""", "notify.slack[0]", "'token' is given without 'channel'")]
    [InlineData("""{ "slack": [ { "webhookUrl": "https://a.io", "token": "x", "channel": "c" } ] }""", "notify.slack[0]", "are both given")]
    [InlineData("""{ "teams": [ { "webhookUrl": "https://acme.webhook.office.com/webhookb2/1" } ] }""", "notify.teams[0].webhookUrl", "Microsoft has retired; in Teams, make a workflow")]
    [InlineData("""{ "teams": [ { "webhookUrl": "https://outlook.office.com/webhook/1" } ] }""", "notify.teams[0].webhookUrl", "Microsoft has retired")]
    [InlineData("""{ "webhook": [ { "url": "https://a.io" }, { "name": "webhook", "url": "https://b.io" } ] }""", "notify.webhook", "two channels are called 'webhook'")]
    [InlineData("""{ "slak": [] }""", "notify.slak", "the nearest known key is 'slack'")]
    [InlineData("""{ "email": [ { "server": "m.io:25", "from": "a@b.io", "to": "nobody" } ] }""", "notify.email[0].to", "expected e-mail addresses")]
    [InlineData("""{ "email": [ { "server": "m.io:25", "from": "a@b.io", "to": "a@b.io", "security": "none", "username": "u", "password": "p" } ] }""", "notify.email[0].security", "in clear")]
    [InlineData("""{ "ntfy": [ { "url": "https://ntfy.sh/" } ] }""", "notify.ntfy[0].url", "names no topic")]
    [InlineData("""{ "pagerduty": [ { "routingKey": "short" } ] }""", "notify.pagerduty[0].routingKey", "expected 32 characters")]
    [InlineData("""{ "shoutrrr": [ { "url": "telegram://t@telegram" } ] }""", "notify.shoutrrr[0].url", "other services have no equivalent here")]
    [InlineData("""{ "shoutrrr": [ { "url": "teams://g@t/a/o" } ] }""", "notify.shoutrrr[0].url", "connectors that Microsoft has retired")]
    [InlineData("""{ "ntfy": [ { "url": "https://ntfy.sh/a", "quiet": { "from": "25:00" } } ] }""", "notify.ntfy[0].quiet.from", "a time of day such as 22:00")]
    [InlineData("""{ "ntfy": [ { "url": "https://ntfy.sh/a", "name": "a b" } ] }""", "notify.ntfy[0].name", "expected a name")]
    [InlineData("""{ "template": { "title": "{{projekt}}" } }""", "notify.template.title", "project, reason")]
    [InlineData("""{ "template": { "body": "{{#services}}" } }""", "notify.template.body", "expected a template")]
    [InlineData("""{ "github": [ { "repositories": "acme/*" } ] }""", "notify.github[0]", "'token' is missing; it or 'privateKey' must be given")]
    [InlineData("""{ "github": [ { "token": "t" } ] }""", "notify.github[0]", "'token' is given without 'repositories'")]
    [InlineData("""{ "github": [ { "token": "t", "repositories": "acme" } ] }""", "notify.github[0].repositories", "OWNER/REPOSITORY or OWNER/*")]
    [InlineData("""{ "github": [ { "privateKey": "k" } ] }""", "notify.github[0]", "'privateKey' is given without 'appId'")]
    [InlineData("""{ "github": [ { "privateKey": "secret-key", "appId": "1" } ] }""", "notify.github[0].privateKey", "expected the .pem file that GitHub made")]
    [InlineData("""{ "github": [ { "token": "t", "repositories": "acme/*", "apiUrl": "http://github.example.com/api/v3" } ] }""", "notify.github[0].apiUrl", "in clear")]
    [InlineData("""{ "github": [ { "token": "t", "repositories": "acme/*", "logUrl": "https://a.io/{commit}" } ] }""", "notify.github[0].logUrl", "{project}, {host} and {rollout}")]
    [InlineData("""{ "azureDevOps": [ { "token": "t" } ] }""", "notify.azureDevOps[0]", "'organizationUrl' is missing")]
    [InlineData("""{ "azureDevOps": [ { "organizationUrl": "https://dev.azure.com", "token": "t" } ] }""", "notify.azureDevOps[0].organizationUrl", "it names no organization")]
    [InlineData("""{ "azureDevOps": [ { "organizationUrl": "https://dev.azure.com/acme" } ] }""", "notify.azureDevOps[0]", "'token' is missing; it or 'azure' must be given")]
    [InlineData("""{ "ping": [ {} ] }""", "notify.ping[0]", "'url' is missing")]
    public void A_mistake_is_named_with_its_place_and_what_would_be_right(string notify, string path, string message)
    {
        var error = sandbox.Error($$"""{ "notify": {{notify}} }""");
        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_apps_private_key_comes_from_its_file_and_each_of_its_lines_is_a_secret()
    {
        using var key = System.Security.Cryptography.RSA.Create(2048);
        var pem = key.ExportRSAPrivateKeyPem();
        sandbox.Write("app.pem", pem + "\n");

        var settings = sandbox.Settings("""{ "notify": { "github": [ { "appId": "4711", "privateKeyFile": "app.pem" } ] } }""");

        Assert.Equal(pem, settings.Notify.Channels[0].Secret!.TrimEnd());
        Assert.DoesNotContain(pem.Split('\n')[3], new Wording("vm1", MessageTemplate.Default, Secrets.Of(settings)).Clean($"key: {pem.Split('\n')[3]}"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_of_ones_own_is_read()
    {
        var notify = sandbox.Settings("""{ "notify": { "template": { "title": "{{project}}!" } } }""").Notify;
        Assert.Equal(("{{project}}!", MessageTemplate.DefaultBody), (notify.Template.Title.Source, notify.Template.Body.Source));
    }

    [Fact]
    public void Two_notifiers_of_one_name_stop_the_start_and_so_does_an_unknown_one()
    {
        var kind = Composition.Notifiers.All[0];
        Assert.Equal("two notifiers are called 'slack'; there are: slack, slack", Assert.Throws<InvalidOperationException>(() => new NotifierKinds(kind, kind)).Message);

        using var poster = new Poster(TimeProvider.System);
        var unknown = Assert.Throws<InvalidOperationException>(() => Composition.Notifiers.Make(new ChannelSettings { Kind = "pigeon" }, new NotifierTools(poster, "vm1", TimeProvider.System)));
        Assert.StartsWith("no notifier is called 'pigeon'; there are: slack, teams, webhook, ", unknown.Message, StringComparison.Ordinal);
    }

    private ImmutableArray<ChannelSettings> Channels(string notify) => sandbox.Settings($$"""{ "notify": {{notify}} }""").Notify.Channels;
}
