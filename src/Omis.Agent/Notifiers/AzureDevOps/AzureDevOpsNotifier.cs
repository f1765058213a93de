using System.Text.Json.Nodes;
using Omis.Agent.Configuration;
using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Settings;
using Omis.Agent.Entra;
using Omis.Agent.Notifiers.Sources;

namespace Omis.Agent.Notifiers.AzureDevOps;

/// <summary>
/// Tells Azure DevOps what became of the commits that images were built from, as a status of each commit.
/// Source: learn.microsoft.com/rest/api/azure/devops/git/statuses. An environment's deployment records can only be read there.
/// </summary>
internal sealed class AzureDevOpsNotifier(AzureSite site, AzureDevOpsApi api, ChannelSettings channel, NotifierTools tools) : INotifier
{
    private const string Genre = "omis-agent";
    private const string UsualEnvironment = "{project}";

    /// <summary>No limit is documented; the same as GitHub's fits into every view.</summary>
    private const int Description = 140;

    public static readonly NotifierKind Kind = new(
        "azureDevOps",
        "Azure DevOps, back to the commits that images were built from: a status of each commit.",
        ChannelShape.Of("azureDevOps", [NoticeEvent.Started, .. ChannelRules.Usual])
            .HasOption("organizationUrl", Texts.Url, "https://dev.azure.com/ORGANIZATION, or a collection of an Azure DevOps Server; its repositories are told.")
            .HasSecret("token", "A personal access token with Code (status).")
            .Has("azure", AzureShape.Azure,
                "Signs in with Entra, instead of a token.",
                channel => channel.Azure, (channel, value) => channel with { Azure = value })
            .HasOption("environment", Placeholders.Name, "The status's name, beside its genre 'omis-agent'; {project} and {host} may stand in it.", UsualEnvironment)
            .HasOption("logUrl", Placeholders.Url, "Where more can be read; {project}, {host} and {rollout} may stand in it.")
            .With(Rule.Needs("organizationUrl"))
            .With(Rule.Either("token", "azure"))
            .With(Rule.NotBoth("token", "azure"))
            .Check("organizationUrl", channel => ChannelShape.InClear(channel.Option("organizationUrl")) ?? AzureSite.Problem(channel.Option("organizationUrl")!)),
        Make);

    public async Task<Delivery> SendAsync(Message message, string? reference, CancellationToken ct)
    {
        if (message.Notice is Notice.Test)
        {
            return await Attempts.TryAsync(() => api.AskAsync(HttpMethod.Get, "_apis/connectionData", null, site.Key, ct));
        }

        var deliveries = new List<Delivery>();
        if (SourceReport.Of(message.Notice) is { } report)
        {
            foreach (var commit in report.Commits(site.Repository, tools.Logger))
            {
                deliveries.Add(await Attempts.TryAsync(() => TellAsync(commit, report, ct)));
            }
        }

        return deliveries.AsOne();
    }

    private async Task TellAsync(SourceCommit<AzureRepository> commit, SourceReport report, CancellationToken ct)
    {
        var status = Status(commit, report);
        var (path, place) = ($"{commit.Repository.Path}/commits/{commit.Revision}/statuses", commit.Repository.ToString());
        var there = await api.AskAsync(HttpMethod.Get, $"{path}?latestOnly=true", null, place, ct);
        if (!there["value"].Items().Any(one => IsSame(one, status)))
        {
            await api.AskAsync(HttpMethod.Post, path, status, place, ct);
        }
    }

    private JsonObject Status(SourceCommit<AzureRepository> commit, SourceReport report)
    {
        // The rollout's id tells a repetition from the next time that the same commit comes.
        var id = $" ({report.Rollout})";
        var status = new JsonObject
        {
            ["state"] = State(report.Progress),
            ["description"] = Fitting.Characters(report.Words(tools.Host, commit.Services), Description - id.Length) + id,
            ["context"] = new JsonObject { ["name"] = Placeholders.FillName(channel.Option("environment") ?? UsualEnvironment, report, tools.Host), ["genre"] = Genre },
        };
        if (Placeholders.FillUrl(channel.Option("logUrl"), report, tools.Host) is { } url)
        {
            status["targetUrl"] = url;
        }

        return status;
    }

    private static bool IsSame(JsonObject there, JsonObject status) =>
        there["context"].Text("name") == status["context"].Text("name") && there["context"].Text("genre") == Genre
        && there.Text("state") == status.Text("state") && there.Text("description") == status.Text("description");

    private static string State(Progress progress) => progress switch
    {
        Progress.Running => "pending",
        Progress.Succeeded => "succeeded",
        Progress.WentBack => "failed",
        _ => "error",
    };

    private static AzureDevOpsNotifier Make(ChannelSettings channel, NotifierTools tools)
    {
        var site = AzureSite.Of(new Uri(channel.Option("organizationUrl")!));
        var access = new AzureDevOpsAccess(channel.Secret, channel.Azure, tools.SignIn ?? new SignIn(new EntraCredentials(), tools.Time), tools.Time);
        return new AzureDevOpsNotifier(site, new AzureDevOpsApi(site, access, tools.Poster), channel, tools);
    }
}
