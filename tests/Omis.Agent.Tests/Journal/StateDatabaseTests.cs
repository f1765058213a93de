using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;
using Omis.Agent.Journal;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Journal;

public sealed class StateDatabaseTests : IDisposable
{
    private readonly StateFolder folder = new();
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Only_its_owner_can_read_it()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("files inherit the directory's rights there");
        }

        await Add(folder.Open(), "01A");

        Assert.Equal("rwx------", Mode(folder.Where));
        Assert.Equal(["omis-agent.db", "omis-agent.db-shm", "omis-agent.db-wal", "omis-agent.db.lock"], folder.Files());
        Assert.All(folder.Files(), file => Assert.Equal("rw-------", Mode(Path.Combine(folder.Where, file))));
    }

    [Fact]
    public async Task One_that_came_open_to_all_is_closed_to_others()
    {
        await Add(folder.Open(), "01A");
        folder.CloseAll();
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(folder.Database, (UnixFileMode)0b110_100_100);

        await Add(folder.Open(), "01B");

        Assert.All(folder.Files(), file => Assert.Equal("rw-------", Mode(Path.Combine(folder.Where, file))));
    }

    [Fact]
    public async Task Reading_where_there_is_none_finds_nothing_and_makes_nothing()
    {
        var state = folder.OpenForReading();

        Assert.Empty(await new SqliteHistory(state).ListAsync(new HistoryFilter(), ct));
        Assert.Empty(await new SqliteJournal(state).OpenAsync(ct));
        Assert.Empty(await new SqliteQuarantine(state).ListAsync(ct));
        Assert.Empty(await new SqlitePauses(state).ListAsync(ct));
        Assert.Empty(state.SetAside);
        Assert.Null(state.Unreadable);
        Assert.False(Directory.Exists(folder.Where));
    }

    [Fact]
    public async Task A_reader_sees_what_is_there_and_may_not_write()
    {
        await Add(folder.Open(), "01A");
        var reader = folder.OpenForReading();

        Assert.Equal(["01A"], await Ids(reader));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Add(reader, "01B"));
    }

    [Fact]
    public async Task Reading_works_on_a_read_only_file_system()
    {
        folder.OnTinyDisk("1m");
        await Add(folder.Open(), "01A");
        folder.CloseAll();
        folder.Remount("ro");

        Assert.Equal(["01A"], await Ids(folder.OpenForReading()));
    }

    [Fact]
    public async Task Reading_works_where_the_agent_was_killed_and_the_disk_went_read_only()
    {
        using var killed = new StateFolder();
        await Add(killed.Open(), "01A");
        folder.OnTinyDisk("1m");
        foreach (var file in killed.Files())
        {
            File.Copy(Path.Combine(killed.Where, file), Path.Combine(folder.Where, file));
        }

        folder.Remount("ro");

        Assert.Equal(["01A"], await Ids(folder.OpenForReading()));
    }

    [Fact]
    public async Task Writing_to_a_read_only_file_system_says_what_to_do()
    {
        folder.OnTinyDisk("1m");
        await Add(folder.Open(), "01A");
        folder.CloseAll();
        folder.Remount("ro");

        var fault = await Assert.ThrowsAsync<EnvironmentException>(() => Add(folder.Open(), "01B"));

        Assert.Equal(ReasonCode.Disk, fault.Code);
        Assert.Contains(folder.Database, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_says_so()
    {
        File.WriteAllText(folder.Where, "a file is in the way");

        var fault = await Assert.ThrowsAsync<EnvironmentException>(() => Add(folder.Open(), "01A"));

        Assert.Equal(ReasonCode.Disk, fault.Code);
        File.Delete(folder.Where);
    }

    [Fact]
    public async Task A_full_disk_is_told_and_harms_nothing_that_was_written()
    {
        folder.OnTinyDisk("256k");
        var state = folder.Open();
        var journal = new SqliteJournal(state);
        await journal.AppendAsync("01A", new JournalEntry.Started(Some.Header("01A")), ct);
        var written = 0;
        var fault = await Assert.ThrowsAsync<EnvironmentException>(async () =>
        {
            for (; written < 100; written++)
            {
                await journal.AppendAsync("01A", new JournalEntry.Withdrawn($"key-{written}", 1, [new string('x', 8000)]), ct);
            }
        });

        Assert.Equal(ReasonCode.Disk, fault.Code);
        Assert.Contains("disk", fault.Message, StringComparison.Ordinal);
        Assert.Equal(written + 1, Assert.Single(await journal.OpenAsync(ct)).Entries.Length);

        folder.Remount("size=4m");
        await journal.AppendAsync("01A", new JournalEntry.Committed(), ct);
        Assert.Equal(written + 2, Assert.Single(await new SqliteJournal(folder.Open()).OpenAsync(ct)).Entries.Length);
        Assert.Empty(state.SetAside);
    }

    [Fact]
    public async Task Two_processes_write_at_once_and_see_each_other()
    {
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            var state = folder.Open;
            var mine = new SqliteHistory(Locked(state));
            for (var i = 0; i < 10; i++)
            {
                await mine.AddAsync(Some.Record($"{writer}-{i}"), ct);
            }
        }, ct));
        await Task.WhenAll(writers);

        Assert.Equal(40, (await Ids(folder.Open())).Count());
    }

    private StateDatabase Locked(Func<StateDatabase> open)
    {
        lock (folder)
        {
            return open();
        }
    }

    private Task Add(StateDatabase state, string id) => new SqliteHistory(state).AddAsync(Some.Record(id), ct);

    private async Task<IEnumerable<string>> Ids(StateDatabase state) =>
        (await new SqliteHistory(state).ListAsync(new HistoryFilter(), ct)).Select(record => record.Id);

    private static string Mode(string path)
    {
        var mode = OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);
        return string.Concat(Enumerable.Range(0, 9).Select(bit => ((int)mode & (256 >> bit)) != 0 ? "rwx"[bit % 3] : '-'));
    }
}
