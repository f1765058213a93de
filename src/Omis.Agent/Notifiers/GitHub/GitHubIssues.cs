using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Notifiers.Sources;

namespace Omis.Agent.Notifiers.GitHub;

/// <summary>
/// One issue for a rollout that went back or could not, with the evidence. A mark in its text tells it from others, so that it
/// is not made twice, and not again after a person has closed it. Source: docs.github.com/rest/issues/issues.
/// </summary>
internal sealed class GitHubIssues(GitHubApi api)
{
    private const int Title = 250;

    /// <summary>GitHub takes 65,536 characters.</summary>
    private const int Section = 25_000;

    private const int PerPage = 100;
    private const int Pages = 5;

    /// <summary>How far GitHub's clock and this machine's may differ.</summary>
    private static readonly TimeSpan Clocks = TimeSpan.FromHours(1);

    public async Task OpenAsync(GitHubRepository repository, Message message, SourceReport report, CancellationToken ct)
    {
        var mark = $"<!-- omis-agent rollout={report.Rollout} -->";
        if (!await IsThereAsync(repository, mark, message.Notice.At - Clocks, ct))
        {
            await api.PostAsync(repository, "issues", new JsonObject { ["title"] = Fitting.Characters(message.Title, Title), ["body"] = Body(message, mark) }, ct);
        }
    }

    private async Task<bool> IsThereAsync(GitHubRepository repository, string mark, DateTimeOffset since, CancellationToken ct)
    {
        for (var page = 1; page <= Pages; page++)
        {
            var from = since.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            var issues = await api.GetAsync(repository, string.Create(CultureInfo.InvariantCulture, $"issues?state=all&sort=created&direction=desc&since={Uri.EscapeDataString(from)}&per_page={PerPage}&page={page}"), ct);
            if (issues.Items().Any(issue => issue.Text("body")?.Contains(mark, StringComparison.Ordinal) is true))
            {
                return true;
            }

            if (issues.Items().Count() < PerPage)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Whatever a container or a probe said stands between fences: there it calls nobody and links to nothing.</summary>
    private static string Body(Message message, string mark)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        parts.Add(Fenced(message.Body.Split('\n')));
        if (!message.Log.IsEmpty)
        {
            parts.Add("The last lines of the log:");
            parts.Add(Fenced(message.Log));
        }

        parts.AddRange(message.Links.Select(link => $"<{link.Url}>"));
        parts.Add(mark);
        return string.Join("\n\n", parts);
    }

    private static string Fenced(IEnumerable<string> lines)
    {
        var text = Fitting.Characters(string.Join('\n', lines), Section);
        var fence = new string('`', Math.Max(3, Longest(text, '`') + 1));
        return $"{fence}text\n{text}\n{fence}";
    }

    private static int Longest(string text, char letter)
    {
        var (longest, run) = (0, 0);
        foreach (var one in text)
        {
            run = one == letter ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}
