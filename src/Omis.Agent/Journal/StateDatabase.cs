using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Journal;

/// <summary>
/// The state directory's one database, <c>omis-agent.db</c>. It is opened at its first use and again after a fault, so
/// that a service whose disk is full starts and says so. Several processes may use it at once. One that cannot be
/// trusted is set aside and a new one begun.
/// </summary>
public sealed partial class StateDatabase : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly StateFiles files;
    private readonly bool readOnly;
    private readonly ILogger logger;
    private SqliteConnection? connection;

    private StateDatabase(StateFiles files, bool readOnly, ILogger logger) =>
        (this.files, this.readOnly, this.logger) = (files, readOnly, logger);

    /// <summary>Databases that were set aside as damaged, by file name, until a person removes the files.</summary>
    public ImmutableArray<string> SetAside => files.SetAside();

    /// <summary>Where reading: why the database is taken for empty though it is there; else null.</summary>
    public string? Unreadable { get; private set; }

    public static StateDatabase Open(string directory, TimeProvider time, ILogger<StateDatabase> logger) =>
        new(new StateFiles(directory, time), readOnly: false, logger);

    /// <summary>Creates, changes and moves nothing. A database that is missing or damaged is taken for empty.</summary>
    public static StateDatabase OpenForReading(string directory, TimeProvider time, ILogger<StateDatabase> logger) =>
        new(new StateFiles(directory, time), readOnly: true, logger);

    /// <exception cref="EnvironmentException"><see cref="ReasonCode.Disk"/>.</exception>
    internal Task<ImmutableArray<T>> ReadAsync<T>(Func<SqliteConnection, ImmutableArray<T>> read, CancellationToken ct) =>
        UseAsync(database => database is null ? [] : read(database), ct);

    /// <summary>One transaction, on disk when this returns. It may run twice, where the first database had to be set aside.</summary>
    /// <exception cref="EnvironmentException"><see cref="ReasonCode.Disk"/>.</exception>
    internal Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken ct) =>
        readOnly
            ? throw new InvalidOperationException("the state was opened for reading")
            : UseAsync(database =>
            {
                using var transaction = database!.BeginTransaction(deferred: false);
                var result = write(database);
                transaction.Commit();
                return result;
            }, ct);

    private async Task<T> UseAsync<T>(Func<SqliteConnection?, T> use, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            return Use(use);
        }
        catch (Exception fault) when (DiskFaults.Of(files.Database, fault) is { } known)
        {
            Disconnect();
            throw known;
        }
        finally
        {
            turn.Release();
        }
    }

    private T Use<T>(Func<SqliteConnection?, T> use)
    {
        try
        {
            return use(Connected());
        }
        catch (Exception fault) when (DiskFaults.IsDamage(fault))
        {
            if (!readOnly)
            {
                Replace(fault);
                return use(Connected());
            }

            Disconnect();
            Unreadable = fault.Message;
            TakenForEmpty(logger, files.Database, fault.Message);
            return use(null);
        }
    }

    private SqliteConnection? Connected()
    {
        if (connection is not null && StateConnection.HasMoved(connection))
        {
            Disconnect();
        }

        return connection ??= readOnly ? OpenToRead() : OpenToWrite();
    }

    private SqliteConnection? OpenToRead()
    {
        if (!File.Exists(files.Database))
        {
            return null;
        }

        try
        {
            return StateConnection.ForReading(files.Database);
        }
        catch (SqliteException) when (!files.HasWal)
        {
            return StateConnection.Immutable(files.Database);
        }
    }

    private SqliteConnection OpenToWrite()
    {
        if (!File.Exists(files.Database))
        {
            using var guard = files.Guard();
            if (!File.Exists(files.Database))
            {
                files.Create();
            }
        }

        return StateConnection.ForWriting(files.Database);
    }

    /// <summary>Looks again under the guard: another process may have replaced it already.</summary>
    private void Replace(Exception damage)
    {
        using var guard = files.Guard();
        var isThisOne = connection is not null && !StateConnection.HasMoved(connection);
        Disconnect();
        if (isThisOne || !IsSound())
        {
            WasSetAside(logger, files.Database, files.MoveAside(), damage.Message);
        }
    }

    private bool IsSound()
    {
        try
        {
            StateConnection.ForWriting(files.Database).Dispose();
            return true;
        }
        catch (Exception fault) when (DiskFaults.IsDamage(fault))
        {
            return false;
        }
    }

    private void Disconnect()
    {
        connection?.Dispose();
        connection = null;
    }

    public void Dispose()
    {
        Disconnect();
        turn.Dispose();
    }

    [LoggerMessage(4001, LogLevel.Warning, "The state database {Path} was set aside as {Aside} and a new one begun: {Problem}")]
    private static partial void WasSetAside(ILogger logger, string path, string aside, string problem);

    [LoggerMessage(4002, LogLevel.Warning, "The state database {Path} is taken for empty: {Problem}")]
    private static partial void TakenForEmpty(ILogger logger, string path, string problem);
}
