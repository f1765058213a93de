using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Rollout;

/// <summary>An open rollout: every fact goes to the journal first and into the state second.</summary>
public sealed class RolloutLog(IJournal journal, RolloutState state, IProgress<RolloutEvent> progress)
{
    public RolloutState State { get; private set; } = state;

    public RolloutHeader Header => State.Header;

    /// <summary>The id under which the end goes into history; another than the rollout's own where that one stands there as stuck.</summary>
    public string RecordId { get; init; } = state.Header.Id;

    /// <summary>Since when each replica is down (<see cref="TimeProvider.GetTimestamp"/>), by key. Timestamps mean nothing to another process, so they are not journalled.</summary>
    public Dictionary<string, long> DownSince { get; } = [];

    /// <summary>New container ids by the id of the container that each replaces.</summary>
    public ImmutableDictionary<string, string> Renewed =>
        State.Replicas.Where(replica => replica.Undo.NewId is not null)
            .ToImmutableDictionary(replica => replica.Undo.OldId, replica => replica.Undo.NewId!);

    public async Task WriteAsync(JournalEntry entry, CancellationToken ct)
    {
        await journal.AppendAsync(Header.Id, entry, ct).ConfigureAwait(false);
        State = JournalReplay.Apply(State, entry);
    }

    /// <summary>For the way back: a full disk must not keep a service down.</summary>
    public async Task TryWriteAsync(JournalEntry entry)
    {
        try
        {
            await WriteAsync(entry, CancellationToken.None).ConfigureAwait(false);
        }
        catch (EnvironmentException)
        {
            State = JournalReplay.Apply(State, entry);
        }
    }

    public void Tell(WorkloadId workload, RolloutPhase phase, string detail = "") =>
        progress.Report(new RolloutEvent.Moved(workload, phase, detail));

    public void Tell(RolloutEvent happening) => progress.Report(happening);

    /// <summary>Ends the rollout in history. A disk that fails here leaves it open, and the next start closes it.</summary>
    public async Task<RolloutRecord> CloseAsync(RolloutRecord record, ImmutableArray<QuarantinedDigest> quarantine)
    {
        record = record.Outcome == Outcome.Stuck ? record : record with { Id = RecordId };
        try
        {
            await journal.CloseAsync(Header.Id, record, quarantine, record.Outcome == Outcome.Committed && !Header.Pins.IsDefault ? Header.Pins : [], CancellationToken.None).ConfigureAwait(false);
        }
        catch (EnvironmentException fault)
        {
            record = record with { Comment = record.Comment ?? $"not recorded: {fault.Message}" };
        }

        Tell(new RolloutEvent.Ended(record));
        return record;
    }
}
