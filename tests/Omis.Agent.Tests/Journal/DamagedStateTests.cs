using Microsoft.Data.Sqlite;
using Omis.Agent.Core.Recording;
using Omis.Agent.Journal;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Journal;

/// <summary>A database that cannot be trusted is set aside whole, said loudly, and never stops the agent.</summary>
public sealed class DamagedStateTests : IDisposable
{
    private const string Aside = "omis-agent.db.corrupt-20260102030405";

    private readonly StateFolder folder = new();
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, Action<string>> Damages => new()
    {
        { "zero-length", path => File.WriteAllBytes(path, []) },
        { "garbage", path => File.WriteAllBytes(path, [.. Enumerable.Repeat((byte)'x', 50_000)]) },
        { "truncated", path => Cut(path, 4096 * 3) },
        { "cut within a page", path => Cut(path, 5000) },
        { "shorter than a header", path => Cut(path, 60) },
        { "a page of zeros", path => Overwrite(path, 4096, 4096) },
        { "another program's", path => Replace(path, "CREATE TABLE t (x)") },
        { "of a later agent", path => Change(path, "PRAGMA user_version = 99") },
        { "a body that is no JSON", path => Change(path, "UPDATE history SET body = '{'") },
        { "an entry that nobody knows", path => Change(path, "INSERT INTO journal (rollout, body) VALUES ('01A', '{\"entry\":\"Later\"}')") },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task It_is_set_aside_and_a_new_one_begun(string kind, Action<string> damage)
    {
        await Filled();
        damage(folder.Database);
        var before = await File.ReadAllBytesAsync(folder.Database, ct);
        var state = folder.Open();

        await Touch(state);

        Assert.Equal([Aside], state.SetAside);
        Assert.Equal(before.Length, new FileInfo(Path.Combine(folder.Where, Aside)).Length);
        Assert.Contains(folder.Logger.Lines, line => line.StartsWith("Warning: ", StringComparison.Ordinal) && line.Contains(Aside, StringComparison.Ordinal));
        Assert.Equal(["01B"], (await new SqliteHistory(folder.Open()).ListAsync(new HistoryFilter(), ct)).Select(record => record.Id));
        Assert.NotEmpty(kind);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_reader_takes_it_for_empty_and_moves_nothing(string kind, Action<string> damage)
    {
        await Filled();
        damage(folder.Database);
        var state = folder.OpenForReading();

        var history = await new SqliteHistory(state).ListAsync(new HistoryFilter(), ct);
        var journal = await new SqliteJournal(state).OpenAsync(ct);

        Assert.True(history.IsEmpty || journal.IsEmpty);
        Assert.NotNull(state.Unreadable);
        Assert.DoesNotContain(folder.Files(), file => file.Contains("corrupt", StringComparison.Ordinal));
        Assert.NotEmpty(kind);
    }

    [Fact]
    public async Task The_second_one_within_a_second_gets_a_name_of_its_own()
    {
        for (var i = 0; i < 2; i++)
        {
            await Filled();
            File.WriteAllBytes(folder.Database, []);
        }

        var state = folder.Open();
        await Touch(state);

        Assert.Equal([Aside, Aside + "-2"], state.SetAside);
    }

    [Fact]
    public async Task A_log_without_its_database_is_not_taken_for_the_new_ones()
    {
        await Filled();
        await Touch(folder.Open());
        File.Copy(folder.Database + "-wal", folder.Database + "-kept");
        folder.CloseAll();
        File.Delete(folder.Database);
        File.Move(folder.Database + "-kept", folder.Database + "-wal");

        var state = folder.Open();
        Assert.Empty(await new SqliteHistory(state).ListAsync(new HistoryFilter(), ct));
        Assert.Contains(Aside + "-wal", folder.Files());
    }

    [Fact]
    public async Task Damage_that_shows_while_it_is_open_is_mended_without_a_fault()
    {
        var state = folder.Open();
        await Touch(state);
        await state.WriteAsync(database => database.Execute("UPDATE history SET body = '{'"), ct);

        Assert.Empty(await new SqliteHistory(state).ListAsync(new HistoryFilter(), ct));
        Assert.Equal([Aside], state.SetAside);
    }

    [Fact]
    public async Task A_database_that_another_process_replaced_is_followed()
    {
        var service = folder.Open();
        await Touch(service);
        File.WriteAllBytes(folder.Database, []);
        File.Delete(folder.Database + "-wal");

        await new SqlitePauses(folder.Open()).PauseAsync(new(null, null, null, null, Some.Moment), ct);

        Assert.Single(await new SqlitePauses(service).ListAsync(ct));
    }

    private async Task Filled()
    {
        await new SqliteHistory(folder.Open()).AddAsync(Some.Record("01A"), ct);
        folder.CloseAll();
    }

    /// <summary>Reads and writes as a cycle would.</summary>
    private async Task Touch(StateDatabase state)
    {
        await new SqliteJournal(state).OpenAsync(ct);
        await new SqliteHistory(state).ListAsync(new HistoryFilter(), ct);
        await new SqliteHistory(state).AddAsync(Some.Record("01B"), ct);
    }

    private static void Cut(string path, long length)
    {
        using var file = File.OpenWrite(path);
        file.SetLength(length);
    }

    private static void Overwrite(string path, long from, int length)
    {
        using var file = File.OpenWrite(path);
        file.Position = from;
        file.Write(new byte[length]);
    }

    private static void Replace(string path, string sql)
    {
        File.Delete(path);
        Change(path, sql);
    }

    private static void Change(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }
}
