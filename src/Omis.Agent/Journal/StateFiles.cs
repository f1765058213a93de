using System.Collections.Immutable;
using System.Globalization;

namespace Omis.Agent.Journal;

/// <summary>The database's files in the state directory: made whole under the one name, or moved aside together.</summary>
internal sealed class StateFiles(string directory, TimeProvider time)
{
    private const string Name = "omis-agent.db";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public string Database { get; } = Path.GetFullPath(Path.Combine(directory, Name));

    public bool HasWal => new FileInfo(Database + "-wal") is { Exists: true, Length: > 0 };

    /// <summary>Databases that were set aside, by file name, oldest first; they stay until a person removes them.</summary>
    public ImmutableArray<string> SetAside()
    {
        try
        {
            return
            [
                .. Directory.EnumerateFiles(directory, Name + ".corrupt-*").Select(path => Path.GetFileName(path)!)
                    .Where(name => !name.EndsWith("-wal", StringComparison.Ordinal) && !name.EndsWith("-shm", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Only one process at a time makes a database or moves one away, or one would move away what the other has just made.</summary>
    public IDisposable Guard()
    {
        PrivateFiles.CreateDirectory(directory);
        var started = time.GetTimestamp();
        while (true)
        {
            if (FileLock.TryTake(Database + ".lock") is { } held)
            {
                return held;
            }

            if (time.GetElapsedTime(started) > Patience)
            {
                throw new IOException("another process has held its lock for too long");
            }

            Thread.Sleep(10);
        }
    }

    public void Create()
    {
        var unnamed = Database + ".new";
        StateConnection.Create(unnamed);
        if (File.Exists(Database + "-wal"))
        {
            // The log of a database that is gone would be taken for this one's.
            MoveAside();
        }

        File.Move(unnamed, Database);
    }

    /// <summary>The log goes first: were this to be interrupted, it must not be left beside a new database.</summary>
    /// <returns>The name that it has now.</returns>
    public string MoveAside()
    {
        var aside = FreeName(Database + ".corrupt-" + time.GetUtcNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture));
        foreach (var suffix in (string[])["-wal", "-shm", ""])
        {
            if (File.Exists(Database + suffix))
            {
                File.Move(Database + suffix, aside + suffix);
            }
        }

        return Path.GetFileName(aside);
    }

    private static string FreeName(string name) =>
        Enumerable.Range(1, int.MaxValue).Select(n => n == 1 ? name : $"{name}-{n}")
            .First(free => !File.Exists(free) && !File.Exists(free + "-wal"));
}
