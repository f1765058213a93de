using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Omis.Agent.Journal;

/// <summary>Opens connections with the promises that the journal needs: a commit is on disk when it returns, and waiting for others is bounded.</summary>
internal static class StateConnection
{
    /// <summary>Up to here a check of the whole file takes a few milliseconds.</summary>
    private const long CheapToCheck = 16 << 20;

    /// <summary>SQLITE_FCNTL_HAS_MOVED; Windows does not know it, and lets nobody move an open file.</summary>
    private const int HasMovedQuestion = 20;

    /// <exception cref="InvalidDataException">It is damaged, not ours, or of a later agent.</exception>
    public static SqliteConnection ForWriting(string path)
    {
        PrivateFiles.Tighten(path);
        return Open(Source(path, SqliteOpenMode.ReadWrite), connection =>
        {
            Check(connection, path);
            connection.Execute("PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 4194304");
            StateSchema.Migrate(connection);
        });
    }

    public static SqliteConnection ForReading(string path) =>
        Open(Source(path, SqliteOpenMode.ReadOnly), connection => Check(connection, path));

    /// <summary>
    /// On a read-only file system SQLite cannot make the -wal and -shm that a read of a WAL database needs; where there
    /// is no -wal, the file alone is the whole truth. Source: sqlite.org/wal.html, "Read-Only Databases".
    /// </summary>
    public static SqliteConnection Immutable(string path) =>
        Open(Source(new Uri(path).AbsoluteUri + "?immutable=1", SqliteOpenMode.ReadOnly), connection => Check(connection, path));

    /// <summary>A database complete with its tables, on disk, before it gets its name: a half-made one is never seen.</summary>
    public static void Create(string path)
    {
        PrivateFiles.Open(path, FileMode.Create, FileShare.None).Dispose();
        Open(Source(path, SqliteOpenMode.ReadWrite), connection =>
        {
            // What a killed predecessor left beside an unnamed database must not be played into this one.
            connection.Execute("PRAGMA journal_mode = MEMORY");
            StateSchema.Migrate(connection);
        }).Dispose();
    }

    /// <summary>True where the file was renamed, replaced or deleted since it was opened, so that what is written would be lost.</summary>
    public static bool HasMoved(SqliteConnection connection) =>
        FileControl(connection.Handle!.DangerousGetHandle(), 0, HasMovedQuestion, out var moved) == 0 && moved != 0;

    private static string Source(string path, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 1 }.ConnectionString;

    private static SqliteConnection Open(string source, Action<SqliteConnection> prepare)
    {
        var connection = new SqliteConnection(source);
        try
        {
            connection.Open();
            connection.Execute("PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF");
            prepare(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Check(SqliteConnection connection, string path)
    {
        StateSchema.Require(connection);
        if (new FileInfo(path).Length <= CheapToCheck
            && connection.Query("PRAGMA quick_check(1)", row => row.GetString(0)) is not ["ok"] and [var problem, ..])
        {
            throw new InvalidDataException(problem);
        }
    }

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_file_control")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FileControl(nint database, nint name, int question, out int answer);
}
