using Microsoft.Data.Sqlite;

namespace Omis.Agent.Journal;

/// <summary>
/// The tables, as a list of migrations; <c>user_version</c> says how many have been applied. A migration that has been
/// released never changes. Bodies are JSON as in <see cref="Json.AgentJson"/>; columns hold only what is searched by.
/// </summary>
internal static class StateSchema
{
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE journal (seq INTEGER PRIMARY KEY AUTOINCREMENT, rollout TEXT NOT NULL, body TEXT NOT NULL) STRICT;
        CREATE INDEX journal_by_rollout ON journal (rollout, seq);
        CREATE TABLE history (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, outcome TEXT NOT NULL, project TEXT NOT NULL,
            ended_ms INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE (id, outcome)) STRICT;
        CREATE INDEX history_by_project ON history (project, seq);
        CREATE TABLE quarantine (
            digest TEXT NOT NULL, project TEXT NOT NULL, service TEXT NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (digest, project, service)) STRICT;
        CREATE TABLE pauses (project TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL) STRICT;
        CREATE TABLE refusals (
            project TEXT NOT NULL, service TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (project, service)) STRICT;
        CREATE TABLE board (key TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL) STRICT;
        """,
        """
        CREATE TABLE pins (
            project TEXT NOT NULL, service TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (project, service)) STRICT;
        """,
        """
        CREATE TABLE outbox (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, notice TEXT NOT NULL, stream TEXT NOT NULL,
            queued_ms INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_ms INTEGER NOT NULL, problem TEXT,
            body TEXT NOT NULL, UNIQUE (channel, notice)) STRICT;
        CREATE INDEX outbox_by_channel ON outbox (channel, seq);
        CREATE TABLE threads (
            seq INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, stream TEXT NOT NULL, reference TEXT NOT NULL,
            UNIQUE (channel, stream)) STRICT;
        CREATE TABLE registries (
            registry TEXT PRIMARY KEY NOT NULL, since_ms INTEGER NOT NULL, code TEXT NOT NULL) STRICT;
        """,
    ];

    public static int Newest => Migrations.Length;

    /// <exception cref="InvalidDataException">A later agent made it, or it is no state database at all.</exception>
    public static void Require(SqliteConnection connection)
    {
        var version = Version(connection);
        if (version > Newest)
        {
            throw new InvalidDataException($"schema version {version} is of a later agent; this one knows {Newest}");
        }

        if (version < 1)
        {
            throw new InvalidDataException("it is not a state database of this agent");
        }
    }

    /// <summary>A reader changes nothing, so it may meet a database of an earlier agent.</summary>
    public static bool HasOutbox(SqliteConnection connection) => Version(connection) >= 3;

    public static void Migrate(SqliteConnection connection)
    {
        if (Version(connection) == Newest)
        {
            return;
        }

        using var transaction = connection.BeginTransaction(deferred: false);
        foreach (var migration in Migrations.Skip(Version(connection)))
        {
            connection.Execute(migration);
        }

        connection.Execute($"PRAGMA user_version = {Newest}");
        transaction.Commit();
    }

    private static int Version(SqliteConnection connection) =>
        connection.Query("PRAGMA user_version", row => row.GetInt32(0))[0];
}
