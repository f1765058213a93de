using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;
using Omis.Agent.Journal;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Journal;

public sealed class SqliteHistoryTests : IDisposable
{
    private readonly StateFolder folder = new();
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task It_lists_newest_first_whatever_the_clock_did()
    {
        var history = new SqliteHistory(folder.Open());
        await history.AddAsync(Some.Record("01C"), ct);
        await history.AddAsync(Some.Record("01A") with { EndedAt = Some.Moment.AddHours(-1) }, ct);

        Assert.Equal(["01A", "01C"], await Ids(history, new HistoryFilter()));
    }

    [Fact]
    public async Task It_is_asked_by_project_time_and_id()
    {
        var history = new SqliteHistory(folder.Open());
        await history.AddAsync(Some.Record("01A"), ct);
        await history.AddAsync(Some.Record("01B", project: "blog") with { EndedAt = Some.Moment.AddHours(2) }, ct);

        Assert.Equal(["01A"], await Ids(history, new HistoryFilter("shop")));
        Assert.Equal(["01B"], await Ids(history, new HistoryFilter(Since: Some.Moment.AddHours(1))));
        Assert.Equal(["01A"], await Ids(history, new HistoryFilter(Id: "01A")));
        Assert.Empty(await Ids(history, new HistoryFilter("shop", Id: "01B")));
    }

    [Fact]
    public async Task It_keeps_the_newest_ten_thousand()
    {
        var state = folder.Open();
        var history = new SqliteHistory(state);
        await history.AddAsync(Some.Record("01A"), ct);
        await history.AddAsync(Some.Record("01B"), ct);
        await state.WriteAsync(database => database.Execute("UPDATE sqlite_sequence SET seq = 10000 WHERE name = 'history'"), ct);

        await history.AddAsync(Some.Record("01C"), ct);

        Assert.Equal(["01C", "01B"], await Ids(history, new HistoryFilter()));
    }

    [Fact]
    public async Task Endless_texts_are_cut()
    {
        var history = new SqliteHistory(folder.Open());

        await history.AddAsync(Some.Record("01A", Outcome.Failed) with { Comment = new string('c', 100_000), Reason = new Reason(ReasonCode.Disk, new string('d', 100_000)) }, ct);

        var row = Assert.Single(await history.ListAsync(new HistoryFilter(), ct));
        Assert.Equal((4097, 4097), (row.Comment!.Length, row.Reason!.Detail.Length));
    }

    [Fact]
    public async Task A_refusal_is_told_once_until_its_reason_changes()
    {
        var history = new SqliteHistory(folder.Open());
        var paused = new Skip(Some.Workload(), ReasonCode.Paused, "everything is paused");
        var longer = paused with { Detail = "everything is paused until tomorrow" };

        Assert.Equal([paused], await history.ChangedAsync([paused], null, Refused, ct));
        Assert.Empty(await history.ChangedAsync([paused], null, Refused, ct));
        Assert.Equal([longer], await history.ChangedAsync([longer], null, Refused, ct));
    }

    [Fact]
    public async Task A_registry_that_is_away_is_told_once_however_it_words_it()
    {
        var history = new SqliteHistory(folder.Open());
        var away = new Skip(Some.Workload(), ReasonCode.RegistryUnavailable, "refused after 12 ms");

        Assert.Single(await history.ChangedAsync([away], null, Refused, ct));
        Assert.Empty(await history.ChangedAsync([away with { Detail = "refused after 14 ms" }], null, Refused, ct));
    }

    [Fact]
    public async Task A_refusal_that_ended_is_told_again_when_it_comes_back()
    {
        var history = new SqliteHistory(folder.Open());
        ImmutableArray<Skip> both = [new Skip(Some.Workload("a"), ReasonCode.Paused, "p"), new Skip(Some.Workload("b"), ReasonCode.Quarantined, "q")];

        Assert.Equal(both, await history.ChangedAsync(both, null, Refused, ct));
        Assert.Empty(await history.ChangedAsync([both[1]], null, Refused, ct));
        Assert.Equal([both[0]], await history.ChangedAsync(both, null, Refused, ct));
    }

    private static RolloutRecord Refused(Skip skip) => Some.Refused(skip);

    private async Task<IEnumerable<string>> Ids(SqliteHistory history, HistoryFilter filter) =>
        (await history.ListAsync(filter, ct)).Select(record => record.Id);
}
