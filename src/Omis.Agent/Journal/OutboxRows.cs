using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Recording;
using Omis.Agent.Json;

namespace Omis.Agent.Journal;

/// <summary>Notices get in within the transaction of the change that they report.</summary>
internal static class OutboxRows
{
    /// <summary>Bounds the file where nobody has taken anything for a long time.</summary>
    private const int MostForOneChannel = 10_000;

    public static void Put(SqliteConnection database, Addressees addressees, Notice notice)
    {
        string? body = null;
        foreach (var channel in addressees.Of(notice))
        {
            body ??= JsonSerializer.Serialize(notice, AgentJson.Default.Notice);
            database.Execute(
                """
                INSERT INTO outbox (channel, notice, stream, queued_ms, next_ms, body) VALUES ($channel, $notice, $stream, $queued, 0, $body)
                ON CONFLICT (channel, notice) DO NOTHING
                """,
                ("$channel", channel), ("$notice", notice.Id), ("$stream", notice.Stream), ("$queued", notice.At.ToUnixTimeMilliseconds()), ("$body", body));
            database.Execute($"DELETE FROM outbox WHERE channel = $channel AND seq <= (SELECT max(seq) FROM outbox) - {MostForOneChannel}", ("$channel", channel));
        }
    }

    public static void Begin(SqliteConnection database, Addressees addressees, StartedRollout started)
    {
        if (News.IsNews(started, HistoryRows.LastRollout(database, started.Project)))
        {
            Put(database, addressees, new Notice.Begun(started));
        }
    }

    /// <summary>A rollout's end goes into history, and out to those who want to know, where it is news.</summary>
    public static void Record(SqliteConnection database, Addressees addressees, string rollout, RolloutRecord record)
    {
        var known = HistoryRows.List(database, new HistoryFilter(Id: record.Id)).FirstOrDefault(row => row.Outcome == record.Outcome);
        var isNews = News.IsNews(record, known, HistoryRows.LastRollout(database, record.Project));
        HistoryRows.Put(database, record);
        if (isNews)
        {
            Put(database, addressees, new Notice.Ended(HistoryRows.Bounded(record), rollout));
        }
    }

    public static ImmutableArray<OutboxItem> List(SqliteConnection database, string channel, int most) => database.Query(
        "SELECT seq, channel, body, queued_ms, attempts, next_ms, problem FROM outbox WHERE channel = $channel ORDER BY seq LIMIT $most",
        row => new OutboxItem(
            row.GetInt64(0),
            row.GetString(1),
            JsonSerializer.Deserialize(row.GetString(2), AgentJson.Default.Notice)!,
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
            row.GetInt32(4),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
            row.IsDBNull(6) ? null : row.GetString(6)),
        ("$channel", channel), ("$most", most));
}
