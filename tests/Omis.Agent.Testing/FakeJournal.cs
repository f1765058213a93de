using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Testing;

/// <summary>The record in memory, by the rules of the real one, with a transcript: <c>journal Swapping backend.1</c>, <c>close Reverted</c>.</summary>
public sealed class FakeJournal(List<string>? transcript = null) : IJournal, IHistory, IQuarantine, IPins
{
    private readonly List<(string Rollout, JournalEntry Entry)> entries = [];
    private readonly List<RolloutRecord> history = [];
    private readonly List<QuarantinedDigest> quarantine = [];
    private readonly Dictionary<WorkloadId, Pin> pins = [];
    private Dictionary<WorkloadId, Skip> refusals = [];

    public List<string> Transcript { get; } = transcript ?? [];

    /// <summary>Thrown instead of writing, as a full disk would have it.</summary>
    public EnvironmentException? Fault { get; set; }

    public Task AppendAsync(string rollout, JournalEntry entry, CancellationToken ct) => Write($"journal {Text(entry)}", () => entries.Add((rollout, entry)), ct);

    public Task RestoreAsync(string rollout, ImmutableArray<JournalEntry> entries, CancellationToken ct) => Write($"restore {rollout}", () => this.entries.AddRange(entries.Select(entry => (rollout, entry))), ct);

    public Task<ImmutableArray<OpenRollout>> OpenAsync(CancellationToken ct) =>
        Task.FromResult<ImmutableArray<OpenRollout>>([.. entries.GroupBy(row => row.Rollout, row => row.Entry).Select(rollout => new OpenRollout(rollout.Key, [.. rollout]))]);

    public Task CloseAsync(string rollout, RolloutRecord record, ImmutableArray<QuarantinedDigest> quarantine, ImmutableArray<Pin> pins, CancellationToken ct) => Write($"close {record.Outcome}", () =>
    {
        Put(record);
        this.quarantine.AddRange(quarantine);
        Put(pins);
        if (record.Outcome != Outcome.Stuck)
        {
            entries.RemoveAll(row => row.Rollout == rollout);
        }
    }, ct);

    public Task<ImmutableArray<RolloutRecord>> ListAsync(HistoryFilter filter, CancellationToken ct) => Task.FromResult<ImmutableArray<RolloutRecord>>(
        [.. history.Where(record => (filter.Project ?? record.Project) == record.Project && (filter.Since ?? record.EndedAt) <= record.EndedAt && (filter.Id ?? record.Id) == record.Id).Reverse()]);

    public async Task<ImmutableArray<Skip>> ChangedAsync(ImmutableArray<Skip> refusals, ImmutableHashSet<WorkloadId>? judged, Func<Skip, RolloutRecord> record, CancellationToken ct)
    {
        ImmutableArray<Skip> changed = [.. refusals.Where(skip => this.refusals.GetValueOrDefault(skip.Workload) != skip)];
        await Write($"refusals {changed.Length}", () =>
        {
            this.refusals = this.refusals.Values.Where(skip => judged is not null && !judged.Contains(skip.Workload)).Concat(refusals).ToDictionary(skip => skip.Workload);
            foreach (var refused in changed.Select(record))
            {
                Put(refused);
            }
        }, ct);
        return changed;
    }

    /// <summary>By registry: why it is down; null where it answers.</summary>
    public ImmutableDictionary<string, Reason?> Registries { get; private set; } = ImmutableDictionary<string, Reason?>.Empty;

    public Task NoteRegistriesAsync(ImmutableDictionary<string, Reason?> faults, DateTimeOffset at, CancellationToken ct)
    {
        Registries = Registries.SetItems(faults);
        return Task.CompletedTask;
    }

    public Task AddAsync(RolloutRecord record, CancellationToken ct) => Write($"add {record.Outcome}", () => Put(record), ct);

    public Task<ImmutableArray<QuarantinedDigest>> ListAsync(CancellationToken ct) => Task.FromResult(quarantine.ToImmutableArray());

    public async Task<ImmutableArray<QuarantinedDigest>> ClearAsync(Digest? digest, CancellationToken ct)
    {
        var cleared = quarantine.Where(entry => digest is null || entry.Digest == digest).ToImmutableArray();
        await Write($"clear {cleared.Length}", () => quarantine.RemoveAll(cleared.Contains), ct);
        return cleared;
    }

    Task<ImmutableArray<Pin>> IPins.ListAsync(CancellationToken ct) => Task.FromResult<ImmutableArray<Pin>>([.. pins.Values.OrderBy(pin => pin.Workload, WorkloadId.ByName)]);

    public Task PinAsync(Pin pin, RolloutRecord record, CancellationToken ct) => Write($"pin {pin.Workload}", () =>
    {
        Put([pin]);
        Put(record);
    }, ct);

    public Task ReachAsync(ImmutableArray<Pin> pins, CancellationToken ct) =>
        Write($"reach {string.Join(", ", pins.Select(pin => pin.Workload))}", () => Put([.. pins.Where(this.pins.ContainsValue).Select(pin => pin with { Reached = true })]), ct);

    public async Task<ImmutableArray<Pin>> UnpinAsync(string project, string? service, Func<Pin, RolloutRecord> record, CancellationToken ct)
    {
        ImmutableArray<Pin> ended = [.. pins.Values.Where(pin => pin.Workload.Project == project && (service ?? pin.Workload.Service) == pin.Workload.Service)];
        await Write($"unpin {ended.Length}", () =>
        {
            foreach (var pin in ended)
            {
                pins.Remove(pin.Workload);
                Put(record(pin));
            }
        }, ct);
        return ended;
    }

    private void Put(ImmutableArray<Pin> some)
    {
        foreach (var pin in some)
        {
            pins[pin.Workload] = pin;
        }
    }

    private void Put(RolloutRecord record)
    {
        var known = history.FindIndex(row => row.Id == record.Id && row.Outcome == record.Outcome);
        if (known < 0)
        {
            history.Add(record);
        }
        else
        {
            history[known] = history[known] with { Reason = record.Reason };
        }
    }

    private Task Write(string line, Action write, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            return Task.FromCanceled(ct);
        }

        if (Fault is { } fault)
        {
            Transcript.Add(line + " !");
            return Task.FromException(fault);
        }

        write();
        Transcript.Add(line);
        return Task.CompletedTask;
    }

    private static string Text(JournalEntry entry) => entry switch
    {
        JournalEntry.Staging staging => $"Staging {staging.Undo.Key}",
        JournalEntry.Staged staged => $"Staged {staged.Key}",
        JournalEntry.Swapping swapping => $"Swapping {swapping.Key}",
        JournalEntry.Swapped swapped => $"Swapped {swapped.Key}",
        JournalEntry.Proven proven => $"Proven {proven.Key}",
        JournalEntry.Withdrawn withdrawn => $"Withdrawn {withdrawn.Key}",
        JournalEntry.Restored restored => $"Restored {restored.Key}",
        _ => entry.GetType().Name,
    };
}
