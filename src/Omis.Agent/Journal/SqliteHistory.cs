using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;
using Omis.Agent.Json;

namespace Omis.Agent.Journal;

/// <summary>What ended, in the order in which it was recorded: a clock that steps back does not shuffle it.</summary>
public sealed class SqliteHistory(StateDatabase state, Addressees? addressees = null) : IHistory
{
    private readonly Addressees addressees = addressees ?? Addressees.Nobody;

    public Task<ImmutableArray<RolloutRecord>> ListAsync(HistoryFilter filter, CancellationToken ct) =>
        state.ReadAsync(database => HistoryRows.List(database, filter), ct);

    public Task AddAsync(RolloutRecord record, CancellationToken ct) =>
        state.WriteAsync(database =>
        {
            HistoryRows.Put(database, record);
            return true;
        }, ct);

    public Task<ImmutableArray<Skip>> ChangedAsync(ImmutableArray<Skip> refusals, ImmutableHashSet<WorkloadId>? judged, Func<Skip, RolloutRecord> record, CancellationToken ct) =>
        state.WriteAsync(database =>
        {
            var changed = Remember(database, refusals, judged);
            ImmutableArray<RolloutRecord> records = [.. changed.Select(record)];
            foreach (var refused in records)
            {
                HistoryRows.Put(database, refused);
            }

            var down = RegistryRows.Down(database);
            foreach (var notice in Refusals.Told(records.Where(refused => !RegistryFaults.Explain(refused, down))))
            {
                OutboxRows.Put(database, addressees, notice);
            }

            return changed;
        }, ct);

    public Task NoteRegistriesAsync(ImmutableDictionary<string, Reason?> faults, DateTimeOffset at, CancellationToken ct) =>
        state.WriteAsync(database =>
        {
            foreach (var notice in RegistryRows.Note(database, faults, at))
            {
                OutboxRows.Put(database, addressees, notice);
            }

            return true;
        }, ct);

    private static ImmutableArray<Skip> Remember(SqliteConnection database, ImmutableArray<Skip> refusals, ImmutableHashSet<WorkloadId>? judged)
    {
        var known = database.Query("SELECT body FROM refusals", row => JsonSerializer.Deserialize(row.GetString(0), AgentJson.Default.Skip)!)
            .ToDictionary(skip => skip.Workload);
        foreach (var gone in known.Keys.Except(refusals.Select(skip => skip.Workload)).Where(id => judged?.Contains(id) ?? true))
        {
            database.Execute("DELETE FROM refusals WHERE project = $project AND service = $service", ("$project", gone.Project), ("$service", gone.Service));
        }

        ImmutableArray<Skip> changed = [.. refusals.Where(skip => !known.TryGetValue(skip.Workload, out var before) || !Same(before, skip))];
        foreach (var skip in changed)
        {
            database.Execute(
                "INSERT OR REPLACE INTO refusals (project, service, body) VALUES ($project, $service, $body)",
                ("$project", skip.Workload.Project), ("$service", skip.Workload.Service), ("$body", JsonSerializer.Serialize(skip, AgentJson.Default.Skip)));
        }

        return changed;
    }

    /// <summary>A registry or engine that is away words it differently each time (ports, times); another digest or another pause is news.</summary>
    private static bool Same(Skip one, Skip other) =>
        one.Reason == other.Reason && (one.Detail == other.Detail || one.Reason.IsEnvironment());
}
