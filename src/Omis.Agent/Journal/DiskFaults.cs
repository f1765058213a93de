using System.Text.Json;
using Microsoft.Data.Sqlite;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Journal;

/// <summary>Sorts what can go wrong with the state by what is to be done. Codes: sqlite.org/rescode.html.</summary>
internal static class DiskFaults
{
    private const int Perm = 3, Busy = 5, Locked = 6, ReadOnly = 8, IoError = 10, Corrupt = 11, Full = 13, CantOpen = 14, Protocol = 15, NotADatabase = 26;

    /// <summary>True where the database cannot be trusted: damaged, not ours, or of a later agent.</summary>
    public static bool IsDamage(Exception fault) =>
        fault is InvalidDataException or JsonException or SqliteException { SqliteErrorCode: Corrupt or NotADatabase };

    /// <returns>What to throw instead, with the path and what a person can do; null where the fault is ours.</returns>
    public static EnvironmentException? Of(string path, Exception fault) =>
        Remedy(fault) is { } remedy ? new EnvironmentException(ReasonCode.Disk, $"{path}: {remedy}", fault) : null;

    private static string? Remedy(Exception fault) => fault switch
    {
        SqliteException sqlite => Remedy(sqlite),
        UnauthorizedAccessException => "permission denied; run as the user that owns the state directory, or change state.directory",
        DirectoryNotFoundException or FileNotFoundException => "went away; something else removes files from the state directory",
        IOException => $"{fault.Message}; free space on the disk or check it, then try again",
        _ when IsDamage(fault) => $"damaged: {fault.Message}",
        _ => null,
    };

    private static string? Remedy(SqliteException fault) => fault.SqliteErrorCode switch
    {
        Full => "the disk is full; free some space, then try again",
        ReadOnly => "cannot be written; the file system is read-only or another user owns the file",
        Perm or CantOpen => "cannot be opened; check that the state directory is writable and owned by this user",
        Busy or Locked or Protocol => "another process has held it for too long; see which with fuser or lsof",
        IoError => $"the disk failed ({fault.SqliteExtendedErrorCode}); free space on it or check it, then try again",
        Corrupt or NotADatabase => $"damaged: {fault.Message}",
        _ => null,
    };
}
