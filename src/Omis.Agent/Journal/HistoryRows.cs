using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Omis.Agent.Core.Recording;
using Omis.Agent.Json;

namespace Omis.Agent.Journal;

internal static class HistoryRows
{
    private const int Kept = 10_000;

    private const int LongestText = 4096;

    /// <summary>
    /// One row for each id and outcome: a rollout that is found stuck again stays one row, with the present reason, and
    /// when it is mended the row that says that it was stuck stays too.
    /// </summary>
    public static void Put(SqliteConnection database, RolloutRecord record)
    {
        database.Execute(
            """
            INSERT INTO history (id, outcome, project, ended_ms, body) VALUES ($id, $outcome, $project, $ended, $body)
            ON CONFLICT (id, outcome) DO UPDATE SET body = json_set(body, '$.reason', json(excluded.body -> '$.reason'))
            """,
            ("$id", record.Id),
            ("$outcome", record.Outcome.ToString()),
            ("$project", record.Project),
            ("$ended", record.EndedAt.ToUnixTimeMilliseconds()),
            ("$body", JsonSerializer.Serialize(Bounded(record), AgentJson.Default.RolloutRecord)));
        database.Execute($"DELETE FROM history WHERE seq <= (SELECT max(seq) FROM history) - {Kept}");
    }

    public static ImmutableArray<RolloutRecord> List(SqliteConnection database, HistoryFilter filter) => database.Query(
        """
        SELECT body FROM history
        WHERE ($project IS NULL OR project = $project) AND ($since IS NULL OR ended_ms >= $since) AND ($id IS NULL OR id = $id)
        ORDER BY seq DESC
        """,
        row => JsonSerializer.Deserialize(row.GetString(0), AgentJson.Default.RolloutRecord)!,
        ("$project", filter.Project), ("$since", filter.Since?.ToUnixTimeMilliseconds()), ("$id", filter.Id));

    /// <summary>The project's last rollout; what a gate or the plan refused is none, what was found to be lossy on the way is one.</summary>
    public static RolloutRecord? LastRollout(SqliteConnection database, string project) => database.Query(
        "SELECT body FROM history WHERE project = $project AND (outcome <> 'Refused' OR body ->> '$.reason.code' = 'lossy') AND body ->> '$.kind' IS NULL ORDER BY seq DESC LIMIT 1",
        row => JsonSerializer.Deserialize(row.GetString(0), AgentJson.Default.RolloutRecord)!,
        ("$project", project)).FirstOrDefault();

    public static RolloutRecord Bounded(RolloutRecord record) => record with
    {
        Comment = Clip(record.Comment),
        Reason = record.Reason is { } reason ? reason with { Detail = Clip(reason.Detail)! } : null,
    };

    private static string? Clip(string? text) => text is { Length: > LongestText } ? text[..LongestText] + "…" : text;
}
