using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;
using Omis.Agent.Json;

namespace Omis.Agent.Journal;

public sealed class SqliteJournal(StateDatabase state, Addressees? addressees = null) : IJournal
{
    private readonly Addressees addressees = addressees ?? Addressees.Nobody;

    public async Task AppendAsync(string rollout, JournalEntry entry, CancellationToken ct)
    {
        var body = JsonSerializer.Serialize(entry, AgentJson.Default.JournalEntry);
        var start = entry as JournalEntry.Started;
        var written = await state.WriteAsync(database =>
        {
            if (start is not null)
            {
                OutboxRows.Begin(database, addressees, StartedRollout.Of(start.Header));
            }

            return Insert(database, rollout, body, isStart: start is not null);
        }, ct);
        if (written == 0)
        {
            throw new Core.Naming.EnvironmentException(Core.Naming.ReasonCode.Disk, $"the journal of rollout {rollout} is gone; its database was set aside or replaced while it ran");
        }
    }

    public Task RestoreAsync(string rollout, ImmutableArray<JournalEntry> entries, CancellationToken ct) =>
        state.WriteAsync(
            database => database.Query("SELECT 1 FROM journal WHERE rollout = $rollout LIMIT 1", _ => true, ("$rollout", rollout)).IsEmpty
                ? entries.Sum(entry => Insert(database, rollout, JsonSerializer.Serialize(entry, AgentJson.Default.JournalEntry), isStart: true))
                : 0,
            ct);

    public Task<ImmutableArray<OpenRollout>> OpenAsync(CancellationToken ct) =>
        state.ReadAsync(database => Group(database.Query("SELECT rollout, body FROM journal ORDER BY seq", Entry)), ct);

    public Task CloseAsync(string rollout, RolloutRecord record, ImmutableArray<QuarantinedDigest> quarantine, ImmutableArray<Pin> pins, CancellationToken ct) =>
        state.WriteAsync(database =>
        {
            OutboxRows.Record(database, addressees, rollout, record);
            QuarantineRows.Put(database, quarantine);
            PinRows.Put(database, pins);
            return record.Outcome == Outcome.Stuck ? 0 : database.Execute("DELETE FROM journal WHERE rollout = $rollout", ("$rollout", rollout));
        }, ct);

    /// <summary>Never the rest of a rollout without its beginning: from that, nobody could go back.</summary>
    private static int Insert(SqliteConnection database, string rollout, string body, bool isStart) => database.Execute(
        """
        INSERT INTO journal (rollout, body)
        SELECT $rollout, $body WHERE $isStart OR EXISTS (SELECT 1 FROM journal WHERE rollout = $rollout)
        """,
        ("$rollout", rollout), ("$body", body), ("$isStart", isStart));

    private static (string Rollout, JournalEntry Entry) Entry(SqliteDataReader row) =>
        (row.GetString(0), JsonSerializer.Deserialize(row.GetString(1), AgentJson.Default.JournalEntry)!);

    private static ImmutableArray<OpenRollout> Group(ImmutableArray<(string Rollout, JournalEntry Entry)> rows) =>
        [.. rows.GroupBy(row => row.Rollout, row => row.Entry).Select(rollout => new OpenRollout(rollout.Key, [.. rollout]))];
}
