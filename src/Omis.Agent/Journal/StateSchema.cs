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
