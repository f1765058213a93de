using System.Collections.Immutable;
using Omis.Agent.Configuration;
using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Settings;
using Omis.Agent.Notifiers.Sources;

namespace Omis.Agent.Notifiers.GitHub;

/// <summary>Tells GitHub what became of the commits that images were built from, so that a workflow there can wait for it.</summary>
internal sealed class GitHubNotifier(GitHubSite site, GitHubScope scope, GitHubApi api, IGitHubAccess access, GitHubDeployments deployments, GitHubIssues? issues, NotifierTools tools) : INotifier
{
    private const string UsualApi = "https://api.github.com/";
    private const string UsualEnvironment = "{project}";

    public static readonly NotifierKind Kind = new(
        "github",
        "GitHub, back to the commits that images were built from: deployments and their statuses, and issues.",
        ChannelShape.Of("github", [NoticeEvent.Started, .. ChannelRules.Usual])
            .HasSecret("token", "A fine-grained personal access token with deployments: write, and issues: write for issueOnRevert.")
            .HasSecret("privateKey", "A GitHub App's private key (PEM), instead of a token.")
            .HasOption("appId", Texts.Plain, "The app's id or client id.")
            .HasOption("installationId", Texts.Text("digits", text => text.Length is > 0 and < 20 && text.All(char.IsAsciiDigit), "[0-9]{1,19}"), "The app's installation; without it GitHub is asked for each repository's.")
            .HasOption("repositories", Texts.Text("OWNER/REPOSITORY or OWNER/*, several with commas", GitHubScope.IsRight), "Which repositories are told; an app tells all that it is installed in, unless given.")
            .HasOption("apiUrl", Texts.Url, "The API of a GitHub Enterprise Server, https://HOST/api/v3; https://api.github.com unless given.")
            .HasOption("environment", Placeholders.Name, "The environment's name; {project} and {host} may stand in it.", UsualEnvironment)
            .HasFlag("production", "True where it is one that users see; one that is called production is so anyway.")
            .HasOption("logUrl", Placeholders.Url, "Where more can be read; {project}, {host} and {rollout} may stand in it.")
            .HasOption("environmentUrl", Placeholders.Url, "Where the environment itself is seen.")
            .HasFlag("issueOnRevert", "True to open an issue, with the log's last lines, where an update went back or is stuck.")
            .With(Rule.Either("token", "privateKey"))
            .With(Rule.NotBoth("token", "privateKey"))
            .With(Rule.Together("privateKey", "appId"))
            .With(Rule.Requires("installationId", "appId"))
            .With(Rule.Requires("token", "repositories"))
            .Check("apiUrl", channel => ChannelShape.InClear(channel.Option("apiUrl")))
            .Check("privateKey", channel => channel.Option("appId") is null ? null : GitHubJwt.Problem(channel.Secret!)),
        Make);

    public async Task<Delivery> SendAsync(Message message, string? reference, CancellationToken ct)
    {
        if (message.Notice is Notice.Test)
        {
            return await Attempts.TryAsync(() => TestAsync(ct));
        }

        var deliveries = new List<Delivery>();
        if (SourceReport.Of(message.Notice) is { } report)
        {
            var commits = report.Commits(source => GitHubRepository.Of(source, site.Host) is { } repository && scope.Has(repository) ? repository : null, tools.Logger);
            foreach (var commit in commits)
            {
                deliveries.Add(await Attempts.TryAsync(() => TellAsync(commit, report, ct)));
            }

            if (issues is not null && report.Progress is Progress.WentBack or Progress.Stuck && ToBlame(commits, report) is { } repository)
            {
                deliveries.Add(await Attempts.TryAsync(() => OpenAsync(repository, message, report, ct)));
            }
        }

        return deliveries.AsOne();
    }

    private async Task TellAsync(SourceCommit<GitHubRepository> commit, SourceReport report, CancellationToken ct)
    {
        if (await api.MayAskAsync(commit.Repository, ct))
        {
            await deployments.TellAsync(commit, report, ct);
        }
    }

    private async Task OpenAsync(GitHubRepository repository, Message message, SourceReport report, CancellationToken ct)
    {
        if (await api.MayAskAsync(repository, ct))
        {
            await issues!.OpenAsync(repository, message, report, ct);
        }
    }

    /// <summary>Nothing is left behind in anybody's repository.</summary>
    private async Task TestAsync(CancellationToken ct)
    {
        await access.TryAsync(ct);
        foreach (var repository in scope.Named)
        {
            await api.GetAsync(repository, "deployments?per_page=1", ct);
        }
    }

    /// <summary>Services are swapped one after the other: the last one that had its turn is the one that failed.</summary>
    private static GitHubRepository? ToBlame(ImmutableArray<SourceCommit<GitHubRepository>> commits, SourceReport report) =>
        report.Steps.Where(step => step.Outcome != Outcome.Untouched).Reverse()
            .Select(step => commits.FirstOrDefault(commit => commit.Services.Contains(step.Service))?.Repository).FirstOrDefault(repository => repository is not null);

    private static GitHubNotifier Make(ChannelSettings channel, NotifierTools tools)
    {
        var site = GitHubSite.Of(channel.Option("apiUrl") ?? UsualApi);
        var scope = GitHubScope.Parse(channel.Option("repositories"));
        var courier = new GitHubCourier(site.Api, tools.Poster);
        IGitHubAccess access = channel.Option("appId") is { } app
            ? new GitHubApp(courier, app, channel.Secret!, channel.Option("installationId"), repository => !scope.Entries.IsEmpty && scope.Has(repository), tools.Time)
            : new GitHubToken(courier, channel.Secret!);
        var api = new GitHubApi(courier, access);
        var terms = new GitHubTerms(channel.Option("environment") ?? UsualEnvironment, channel.Flag("production"), channel.Option("logUrl"), channel.Option("environmentUrl"));
        return new GitHubNotifier(site, scope, api, access, new GitHubDeployments(api, terms, tools.Host), channel.Flag("issueOnRevert") ? new GitHubIssues(api) : null, tools);
    }
}

/// <summary>Where the API is, and the host that images name.</summary>
/// <param name="Api">With a slash in the end.</param>
internal sealed record GitHubSite(Uri Api, string Host)
{
    /// <summary>github.com and SUBDOMAIN.ghe.com have their API at a host of its own; a GitHub Enterprise Server below its own name.</summary>
    public static GitHubSite Of(string apiUrl)
    {
        var api = new Uri(apiUrl.TrimEnd('/') + "/");
        return new GitHubSite(api, api.Host.StartsWith("api.", StringComparison.OrdinalIgnoreCase) && (api.Host.EndsWith(".ghe.com", StringComparison.OrdinalIgnoreCase) || api.Host.EndsWith("github.com", StringComparison.OrdinalIgnoreCase)) ? api.Host[4..] : api.Host);
    }
}
