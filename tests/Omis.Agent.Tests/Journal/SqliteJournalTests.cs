using System.Text.Json;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;
using Omis.Agent.Journal;
using Omis.Agent.Json;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Journal;

public sealed class SqliteJournalTests : IDisposable
{
    private readonly StateFolder folder = new();
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    public static TheoryData<JournalEntry> Entries =>
    [
        new JournalEntry.Staging(Some.Undo()),
        new JournalEntry.Staged("backend.1", "new"),
        new JournalEntry.Staged("backend.1", null),
        new JournalEntry.Swapping("backend.1"),
        new JournalEntry.Swapped("backend.1"),
        new JournalEntry.Proven("backend.1", 640),
        new JournalEntry.Proven("job.1", null),
        new JournalEntry.Soaking(),
        new JournalEntry.Committed(),
        new JournalEntry.Failing("backend.1", ReasonCode.Exited, "exit code 1", ImageFault: true),
        new JournalEntry.Failing(null, ReasonCode.Cancelled, "the agent was told to stop", ImageFault: false),
        new JournalEntry.Withdrawn("backend.1", 137, ["one", "zwei – \"drei\"\u001b[0m"]),
        new JournalEntry.Withdrawn("backend.1", null, []),
        new JournalEntry.Restored("backend.1", 580),
        new JournalEntry.Stuck("the revert budget was spent"),
    ];

    [Theory]
    [MemberData(nameof(Entries))]
    public async Task An_entry_comes_back_as_it_was_written(JournalEntry entry)
    {
        var journal = new SqliteJournal(folder.Open());
        await journal.AppendAsync("01A", Started("01A"), ct);
        await journal.AppendAsync("01A", entry, ct);

        var open = Assert.Single(await new SqliteJournal(folder.Open()).OpenAsync(ct));

        Assert.Equal(Text(Started("01A")), Text(open.Entries[0]));
        Assert.Equal(Text(entry), Text(open.Entries[1]));
    }

    [Fact]
    public void Every_kind_of_entry_is_tried()
    {
        var kinds = typeof(JournalEntry).GetNestedTypes().Where(type => type != typeof(JournalEntry.Started)).Select(type => type.Name).Order();
        Assert.Equal(kinds, Entries.Select(row => row.Data.GetType().Name).Distinct().Order());
    }

    [Fact]
    public async Task Open_rollouts_come_oldest_first_with_their_entries_in_order()
    {
        var journal = new SqliteJournal(folder.Open());
        await journal.AppendAsync("01B", Started("01B"), ct);
        await journal.AppendAsync("01A", Started("01A"), ct);
        await journal.AppendAsync("01B", new JournalEntry.Swapping("b.1"), ct);
        await journal.AppendAsync("01A", new JournalEntry.Swapping("a.1"), ct);
        await journal.AppendAsync("01B", new JournalEntry.Swapped("b.1"), ct);

        var open = await journal.OpenAsync(ct);

        Assert.Equal(["01B: Started Swapping Swapped", "01A: Started Swapping"], open.Select(rollout => $"{rollout.Id}: {string.Join(' ', rollout.Entries.Select(entry => entry.GetType().Name))}"));
    }

    [Fact]
    public async Task Closing_moves_the_rollout_into_history_and_the_digest_into_quarantine()
    {
        var state = folder.Open();
        var journal = new SqliteJournal(state);
        await journal.AppendAsync("01A", Started("01A"), ct);
        await journal.AppendAsync("01B", Started("01B"), ct);

        await journal.CloseAsync("01A", Some.Record("01A", Outcome.Reverted), [Some.Quarantined()], [], ct);

        Assert.Equal("01B", Assert.Single(await journal.OpenAsync(ct)).Id);
        Assert.Equal(Outcome.Reverted, Assert.Single(await new SqliteHistory(state).ListAsync(new HistoryFilter(), ct)).Outcome);
        Assert.Equal(Some.Quarantined(), Assert.Single(await new SqliteQuarantine(state).ListAsync(ct)));
    }

    [Fact]
    public async Task A_stuck_rollout_stays_open_and_is_one_row_however_often_it_is_recorded()
    {
        var state = folder.Open();
        var journal = new SqliteJournal(state);
        await journal.AppendAsync("01A", Started("01A"), ct);
        var stuck = Some.Record("01A", Outcome.Stuck);

        await journal.CloseAsync("01A", stuck, [], [], ct);
        await journal.CloseAsync("01A", stuck with { Trigger = Trigger.Recovery, Reason = new Reason(ReasonCode.EngineUnavailable, "the engine is gone") }, [], [], ct);

        Assert.Single(await journal.OpenAsync(ct));
        var row = Assert.Single(await new SqliteHistory(state).ListAsync(new HistoryFilter(), ct));
        Assert.Equal(Trigger.Poll, row.Trigger);
        Assert.Equal("the engine is gone", row.Reason!.Detail);
    }

    [Theory]
    [InlineData("01A")]
    [InlineData("01Z")]
    public async Task A_mended_rollout_does_not_wipe_out_that_it_was_stuck(string recordId)
    {
        var state = folder.Open();
        var journal = new SqliteJournal(state);
        await journal.AppendAsync("01A", Started("01A"), ct);
        await journal.CloseAsync("01A", Some.Record("01A", Outcome.Stuck), [], [], ct);

        await journal.CloseAsync("01A", Some.Record(recordId, Outcome.Reverted), [], [], ct);

        Assert.Empty(await journal.OpenAsync(ct));
        var rows = await new SqliteHistory(state).ListAsync(new HistoryFilter(), ct);
        Assert.Equal([Outcome.Reverted, Outcome.Stuck], rows.Select(row => row.Outcome));
    }

    [Fact]
    public async Task The_rest_of_a_rollout_is_never_kept_without_its_beginning()
    {
        var journal = new SqliteJournal(folder.Open());

        var fault = await Assert.ThrowsAsync<EnvironmentException>(() => journal.AppendAsync("01A", new JournalEntry.Swapping("a.1"), ct));

        Assert.Equal(ReasonCode.Disk, fault.Code);
        Assert.Empty(await journal.OpenAsync(ct));
    }

    [Fact]
    public async Task Nothing_is_written_for_one_who_gave_up()
    {
        var journal = new SqliteJournal(folder.Open());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => journal.AppendAsync("01A", Started("01A"), new CancellationToken(canceled: true)));

        Assert.Empty(await journal.OpenAsync(ct));
    }

    private static JournalEntry.Started Started(string id) => new(Some.Header(id));

    private static string Text(JournalEntry entry) => JsonSerializer.Serialize(entry, AgentJson.Default.JournalEntry);
}
