using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Omis.Agent.Notifiers.Sources;

namespace Omis.Agent.Notifiers.GitHub;

/// <summary>
/// A deployment for each commit that a rollout brings, and what became of it. A lost answer makes no second one: what is there
/// already is looked for first, by what the agent writes into its payload. Source: docs.github.com/rest/deployments.
/// </summary>
internal sealed class GitHubDeployments(GitHubApi api, GitHubTerms terms, string host)
{
    private const string Agent = "omis-agent";
    private const int Description = 140;

    /// <summary>Older ones that are looked at for what runs no more.</summary>
    private const int LookedBack = 10;

    public async Task TellAsync(SourceCommit<GitHubRepository> commit, SourceReport report, CancellationToken ct)
    {
        var (repository, environment) = (commit.Repository, Placeholders.FillName(terms.Environment, report, host));
        var found = await FindAsync(commit, report, environment, ct);
        var id = found ?? await CreateAsync(commit, report, environment, ct);
        var state = State(report.Progress);
        if (found is null || await StateAsync(repository, id, ct) != state)
        {
            await SetAsync(repository, id, state, report.Words(host, commit.Services), environment, report, ct);
        }

        if (report.Progress == Progress.Succeeded)
        {
            await RetireAsync(repository, id, environment, report, ct);
        }
    }

    private static string State(Progress progress) => progress switch
    {
        Progress.Running => "in_progress",
        Progress.Succeeded => "success",
        Progress.WentBack => "failure",
        _ => "error",
    };

    private async Task<long?> FindAsync(SourceCommit<GitHubRepository> commit, SourceReport report, string environment, CancellationToken ct)
    {
        var there = await api.GetAsync(commit.Repository, $"deployments?sha={commit.Revision}&environment={Uri.EscapeDataString(environment)}&task=deploy&per_page=50", ct);
        return there.Items().FirstOrDefault(one => Payload(one) is { } payload && payload.Text("agent") == Agent && payload.Text("rollout") == report.Rollout)?.Number("id");
    }

    private async Task<long> CreateAsync(SourceCommit<GitHubRepository> commit, SourceReport report, string environment, CancellationToken ct)
    {
        var body = new JsonObject
        {
            ["ref"] = commit.Revision,
            ["task"] = "deploy",
            ["auto_merge"] = false,

            // It runs already: nothing that GitHub might want to see first could stop it.
            ["required_contexts"] = new JsonArray(),
            ["payload"] = new JsonObject
            {
                ["agent"] = Agent,
                ["rollout"] = report.Rollout,
                ["host"] = host,
                ["project"] = report.Project,
                ["services"] = new JsonArray([.. commit.Services.Select(service => (JsonNode)JsonValue.Create(service))]),
            },
            ["environment"] = environment,
            ["description"] = Fitting.Characters($"{report.Project} on {host}: {string.Join(", ", commit.Services)}", Description),
            ["transient_environment"] = false,
            ["production_environment"] = terms.Production || environment == "production",
        };

        return (await api.PostAsync(commit.Repository, "deployments", body, ct)).Number("id") ?? throw ApiFaultException.Odd();
    }

    private async Task<string?> StateAsync(GitHubRepository repository, long id, CancellationToken ct) =>
        (await api.GetAsync(repository, Invariant($"deployments/{id}/statuses?per_page=1"), ct)).Items().FirstOrDefault().Text("state");

    private async Task SetAsync(GitHubRepository repository, long id, string state, string words, string environment, SourceReport report, CancellationToken ct)
    {
        var body = new JsonObject
        {
            ["state"] = state,
            ["description"] = Fitting.Characters(words, Description),
            ["environment"] = environment,

            // It spares production environments, and knows nothing of other machines and services: see RetireAsync.
            ["auto_inactive"] = false,
        };
        foreach (var (name, url) in ((string, string?)[])[("log_url", terms.LogUrl), ("environment_url", terms.EnvironmentUrl)])
        {
            if (Placeholders.FillUrl(url, report, host) is { } filled)
            {
                body[name] = filled;
            }
        }

        await api.PostAsync(repository, Invariant($"deployments/{id}/statuses"), body, ct);
    }

    /// <summary>What this machine ran of the project before becomes inactive, once none of its services runs any more.</summary>
    private async Task RetireAsync(GitHubRepository repository, long own, string environment, SourceReport report, CancellationToken ct)
    {
        var there = await api.GetAsync(repository, $"deployments?environment={Uri.EscapeDataString(environment)}&task=deploy&per_page=50", ct);
        var before = there.Items().Select(one => (Id: one.Number("id"), Payload: Payload(one)))
            .Where(one => one.Id is not null && one.Id != own && IsOfHere(one.Payload, report)).OrderByDescending(one => one.Id).Take(LookedBack);
        ImmutableHashSet<string> replaced = [.. report.Steps.Select(step => step.Service)];
        foreach (var (id, payload) in before)
        {
            if (await StateAsync(repository, id!.Value, ct) != "success")
            {
                continue;
            }

            if (Services(payload).All(replaced.Contains))
            {
                await SetAsync(repository, id.Value, "inactive", $"{report.Project} on {host}: replaced", environment, report, ct);
            }
            else
            {
                replaced = replaced.Union(Services(payload));
            }
        }
    }

    private bool IsOfHere(JsonNode? payload, SourceReport report) =>
        payload.Text("agent") == Agent && payload.Text("host") == host && payload.Text("project") == report.Project && payload.Text("rollout") is { } rollout && rollout != report.Rollout;

    private static IEnumerable<string> Services(JsonNode? payload) =>
        (payload?["services"] as JsonArray)?.Select(service => service is JsonValue value && value.TryGetValue(out string? text) ? text : "") ?? [];

    /// <summary>GitHub gives it as it got it, or as a text that holds it.</summary>
    private static JsonObject? Payload(JsonNode deployment) => deployment["payload"] switch
    {
        JsonObject payload => payload,
        JsonValue value when value.TryGetValue(out string? text) => ApiJson.TryParse(text) as JsonObject,
        _ => null,
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What the config says of deployments.</summary>
internal sealed record GitHubTerms(string Environment, bool Production, string? LogUrl, string? EnvironmentUrl);
