using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;
using Omis.Agent.Journal;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Journal;

/// <summary>Notices get in with the change that they report, once, and stay until they are delivered.</summary>
public sealed class SqliteOutboxTests : IDisposable
{
    private readonly StateFolder folder = new();
    private readonly StateDatabase state;
    private readonly SqliteJournal journal;
    private readonly SqliteHistory history;
    private readonly SqliteOutbox outbox;
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    public SqliteOutboxTests()
    {
        var addressees = new Addressees(() => [new Channel("ops", new ChannelRules()), new Channel("all", new ChannelRules { On = [.. ChannelRules.Usual, NoticeEvent.Started] })]);
        state = folder.Open();
        (journal, history, outbox) = (new SqliteJournal(state, addressees), new SqliteHistory(state, addressees), new SqliteOutbox(state));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_rollouts_beginning_and_end_are_for_the_channels_that_want_them()
    {
        await StartAsync("01A");
        await journal.CloseAsync("01A", Some.Record("01A"), [], [], ct);

        Assert.Equal(["01A.Committed"], await Waiting("ops"));
        Assert.Equal(["01A.started", "01A.Committed"], await Waiting("all"));
    }

    [Fact]
    public async Task A_notice_and_its_change_are_on_disk_together_or_not_at_all()
    {
        await StartAsync("01A");
        using (var other = new SqliteConnection($"Data Source={folder.Database};Pooling=False"))
        {
            await other.OpenAsync(ct);
            await using var command = other.CreateCommand();
            command.CommandText = "CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(FAIL, 'no room for a notice'); END";
            await command.ExecuteNonQueryAsync(ct);
        }

        await Assert.ThrowsAnyAsync<Exception>(() => journal.CloseAsync("01A", Some.Record("01A"), [], [], ct));

        Assert.Empty(await Waiting("ops"));
        Assert.Empty(await history.ListAsync(new HistoryFilter(), ct));
        Assert.Single(await journal.OpenAsync(ct));
    }

    [Fact]
    public async Task A_killed_process_leaves_them_for_the_next()
    {
        await StartAsync("01A");
        await journal.CloseAsync("01A", Some.Record("01A", Outcome.Reverted), [], [], ct);

        // Another process that reads what is on disk at this moment, the first having closed nothing.
        Assert.Equal("01A.Reverted", Assert.Single(await new SqliteOutbox(folder.Open()).WaitingAsync("ops", ct)).Notice.Id);
    }

    [Fact]
    public async Task A_rollout_that_is_found_stuck_again_is_told_once_and_its_mending_too()
    {
        await StartAsync("01A");
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await journal.CloseAsync("01A", Some.Record("01A", Outcome.Stuck), [], [], ct);
            await DeliverAllAsync("ops");
        }

        Assert.Equal(["01A.Stuck"], delivered);
        await journal.CloseAsync("01A", Some.Record("01Z", Outcome.Reverted), [], [], ct);
        var mended = Assert.Single(await outbox.WaitingAsync("ops", ct));
        Assert.Equal(("01Z.Reverted", "01A"), (mended.Notice.Id, mended.Notice.Stream));
    }

    [Fact]
    public async Task A_failure_that_comes_back_at_each_poll_is_told_once()
    {
        foreach (var id in (string[])["01A", "01B", "01C"])
        {
            await journal.CloseAsync(id, Some.Record(id, Outcome.Failed), [], [], ct);
        }

        await journal.CloseAsync("01D", Some.Record("01D"), [], [], ct);
        await journal.CloseAsync("01E", Some.Record("01E", Outcome.Failed), [], [], ct);

        Assert.Equal(["01A.Failed", "01D.Committed", "01E.Failed"], await Waiting("ops"));
    }

    [Fact]
    public async Task A_thousand_refusals_are_one_message()
    {
        ImmutableArray<Skip> refusals = [.. Enumerable.Range(0, 1000).Select(i => new Skip(Some.Workload($"s{i}"), ReasonCode.Paused, "paused"))];
        for (var poll = 0; poll < 3; poll++)
        {
            await history.ChangedAsync(refusals, null, skip => Some.Refused(skip), ct);
        }

        var notice = (Notice.Ended)Assert.Single(await outbox.WaitingAsync("ops", ct)).Notice;
        Assert.Equal(1000, notice.Record.Steps.Length);
        Assert.Equal(1000, (await history.ListAsync(new HistoryFilter(), ct)).Length);
    }

    [Fact]
    public async Task A_registry_that_breaks_and_recovers_is_told_once_each_and_not_again_for_every_service()
    {
        for (var poll = 0; poll < 3; poll++)
        {
            // What is left alone for a while counts down.
            var down = new Reason(ReasonCode.RegistryUnavailable, $"no answer; it is asked again in {30 - poll}s");
            ImmutableArray<Skip> refusals = [.. Enumerable.Range(0, 5).Select(i => new Skip(Some.Workload($"s{i}"), down.Code, down.Detail))];
            await history.NoteRegistriesAsync(Registry(down), Some.Moment.AddMinutes(poll), ct);
            await history.ChangedAsync(refusals, null, skip => Some.Refused(skip), ct);
        }

        await history.NoteRegistriesAsync(ImmutableDictionary<string, Reason?>.Empty, Some.Moment.AddMinutes(3), ct);
        await history.NoteRegistriesAsync(Registry(null), Some.Moment.AddMinutes(4), ct);
        await history.NoteRegistriesAsync(Registry(null), Some.Moment.AddMinutes(5), ct);

        Assert.Equal(5, (await history.ListAsync(new HistoryFilter(), ct)).Length);
        var told = await outbox.WaitingAsync("ops", ct);
        Assert.Equal(["RegistryDown", "RegistryBack"], told.Select(item => item.Notice.GetType().Name));
        Assert.Equal(TimeSpan.FromMinutes(4), ((Notice.RegistryBack)told[1].Notice).Until - ((Notice.RegistryBack)told[1].Notice).Since);
    }

    [Fact]
    public async Task One_image_that_may_not_be_read_is_told_for_its_service_where_its_registry_is_well()
    {
        await history.NoteRegistriesAsync(Registry(null), Some.Moment, ct);
        await history.ChangedAsync([new Skip(Some.Workload(), ReasonCode.RegistryUnauthorized, "denied")], null, skip => Some.Refused(skip), ct);

        Assert.IsType<Notice.Ended>(Assert.Single(await outbox.WaitingAsync("ops", ct)).Notice);
    }

    [Fact]
    public async Task What_a_channel_called_a_message_is_known_for_the_rest_of_its_rollout()
    {
        await journal.CloseAsync("01A", Some.Record("01A"), [], [], ct);
        var item = Assert.Single(await outbox.WaitingAsync("ops", ct));
        Assert.Null(await outbox.ReferenceAsync("ops", "01A", ct));

        await outbox.DeliveredAsync(item, "1.0", ct);

        Assert.Empty(await Waiting("ops"));
        Assert.Equal(("1.0", null), (await outbox.ReferenceAsync("ops", "01A", ct), await outbox.ReferenceAsync("all", "01A", ct)));
    }

    [Fact]
    public async Task The_backlog_tells_how_much_since_when_and_why()
    {
        await journal.CloseAsync("01A", Some.Record("01A"), [], [], ct);
        await journal.CloseAsync("01B", Some.Record("01B"), [], [], ct);
        await outbox.PostponeAsync((await outbox.WaitingAsync("ops", ct))[0], Some.Moment.AddHours(1), "503", ct);

        Assert.Equal([new Backlog("all", 2, Some.Moment.AddSeconds(30), null), new Backlog("ops", 2, Some.Moment.AddSeconds(30), "503")], await outbox.BacklogAsync(ct));
        var item = (await outbox.WaitingAsync("ops", ct))[0];
        Assert.Equal((1, Some.Moment.AddHours(1), "503"), (item.Attempts, item.NextAt, item.Problem));
    }

    [Fact]
    public async Task A_database_of_the_version_before_gets_its_outbox_and_keeps_what_it_has()
    {
        await StartAsync("01A");
        folder.CloseAll();
        using (var old = new SqliteConnection($"Data Source={folder.Database};Pooling=False"))
        {
            await old.OpenAsync(ct);
            await using var command = old.CreateCommand();
            command.CommandText = "DROP TABLE outbox; DROP TABLE threads; DROP TABLE registries; PRAGMA user_version = 2";
            await command.ExecuteNonQueryAsync(ct);
        }

        Assert.Empty(await new SqliteOutbox(folder.OpenForReading()).BacklogAsync(ct));
        var after = folder.Open();
        await new SqliteJournal(after, new Addressees(() => [new Channel("ops", new())])).CloseAsync("01A", Some.Record("01A"), [], [], ct);

        Assert.Single(await new SqliteOutbox(after).WaitingAsync("ops", ct));
        Assert.Empty(await new SqliteJournal(after).OpenAsync(ct));
    }

    private readonly List<string> delivered = [];

    private async Task DeliverAllAsync(string channel)
    {
        foreach (var item in await outbox.WaitingAsync(channel, ct))
        {
            delivered.Add(item.Notice.Id);
            await outbox.DeliveredAsync(item, null, ct);
        }
    }

    private static ImmutableDictionary<string, Reason?> Registry(Reason? fault) => ImmutableDictionary<string, Reason?>.Empty.Add("127.0.0.1:5000", fault);

    private Task StartAsync(string id) => journal.AppendAsync(id, new JournalEntry.Started(Some.Header(id)), ct);

    private async Task<IEnumerable<string>> Waiting(string channel) => (await outbox.WaitingAsync(channel, ct)).Select(item => item.Notice.Id);
}
