using System.Collections.Immutable;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Journal;

public sealed class SqliteOutbox(StateDatabase state) : IOutbox
{
    private const int AtOnce = 500;
    private const int ThreadsKept = 2_000;

    public Task<ImmutableArray<OutboxItem>> WaitingAsync(string channel, CancellationToken ct) =>
        state.ReadAsync(database => OutboxRows.List(database, channel, AtOnce), ct);

    public Task<ImmutableArray<Backlog>> BacklogAsync(CancellationToken ct) =>
        state.ReadAsync(
            database => StateSchema.HasOutbox(database)
                ? database.Query(
                    "SELECT channel, count(*), min(queued_ms), (SELECT problem FROM outbox AS one WHERE one.channel = outbox.channel AND problem IS NOT NULL ORDER BY seq LIMIT 1) FROM outbox GROUP BY channel ORDER BY channel",
                    row => new Backlog(row.GetString(0), row.GetInt32(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), row.IsDBNull(3) ? null : row.GetString(3)))
                : [],
            ct);

    public async Task<string?> ReferenceAsync(string channel, string stream, CancellationToken ct) =>
        (await state.ReadAsync(
            database => database.Query("SELECT reference FROM threads WHERE channel = $channel AND stream = $stream", row => row.GetString(0), ("$channel", channel), ("$stream", stream)),
            ct)).FirstOrDefault();

    public Task DeliveredAsync(OutboxItem item, string? reference, CancellationToken ct) =>
        state.WriteAsync(database =>
        {
            if (reference is not null)
            {
                database.Execute(
                    "INSERT OR REPLACE INTO threads (channel, stream, reference) VALUES ($channel, $stream, $reference)",
                    ("$channel", item.Channel), ("$stream", item.Notice.Stream), ("$reference", reference));
                database.Execute($"DELETE FROM threads WHERE seq <= (SELECT max(seq) FROM threads) - {ThreadsKept}");
            }

            return database.Execute("DELETE FROM outbox WHERE seq = $seq", ("$seq", item.Seq));
        }, ct);

    public Task PostponeAsync(OutboxItem item, DateTimeOffset nextAt, string problem, CancellationToken ct) =>
        state.WriteAsync(
            database => database.Execute(
                "UPDATE outbox SET attempts = attempts + 1, next_ms = $next, problem = $problem WHERE seq = $seq",
                ("$next", nextAt.ToUnixTimeMilliseconds()), ("$problem", problem), ("$seq", item.Seq)),
            ct);

    public Task DropAsync(OutboxItem item, RolloutRecord record, CancellationToken ct) =>
        state.WriteAsync(database =>
        {
            HistoryRows.Put(database, record);
            return database.Execute("DELETE FROM outbox WHERE seq = $seq", ("$seq", item.Seq));
        }, ct);
}
