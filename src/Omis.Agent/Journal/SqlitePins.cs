using System.Collections.Immutable;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Journal;

/// <summary>Those of a rollback get in with its end (<see cref="SqliteJournal.CloseAsync"/>).</summary>
public sealed class SqlitePins(StateDatabase state) : IPins
{
    public Task<ImmutableArray<Pin>> ListAsync(CancellationToken ct) => state.ReadAsync(PinRows.List, ct);

    public Task PinAsync(Pin pin, RolloutRecord record, CancellationToken ct) =>
        state.WriteAsync(database =>
        {
            PinRows.Put(database, [pin]);
            HistoryRows.Put(database, record);
            return true;
        }, ct);

    public Task ReachAsync(ImmutableArray<Pin> pins, CancellationToken ct) =>
        state.WriteAsync(database =>
        {
            PinRows.Put(database, PinRows.List(database).Where(pins.Contains).Select(pin => pin with { Reached = true }));
            return true;
        }, ct);

    public Task<ImmutableArray<Pin>> UnpinAsync(string project, string? service, Func<Pin, RolloutRecord> record, CancellationToken ct) =>
        state.WriteAsync(database =>
        {
            var ended = database.Query(
                "DELETE FROM pins WHERE project = $project AND ($service IS NULL OR service = $service) RETURNING body",
                PinRows.Read, ("$project", project), ("$service", service));
            foreach (var pin in ended)
            {
                HistoryRows.Put(database, record(pin));
            }

            return ended;
        }, ct);
}
