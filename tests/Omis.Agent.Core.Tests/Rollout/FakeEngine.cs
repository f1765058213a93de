using System.Collections.Immutable;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Probing;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Tests.Rollout;

/// <summary>Target, sampler and journal in one, with a transcript of what was done in which order, and faults to order.</summary>
internal sealed class FakeEngine : ITarget, IHealthSampler, IJournal
{
    private readonly Dictionary<string, Queue<Exception?>> faults = [];
    private readonly Dictionary<string, StepOutcome> outcomes = [];
    private readonly Dictionary<string, Sample> samples = [];

    public List<string> Transcript { get; } = [];

    public List<JournalEntry> Journal { get; } = [];

    public List<RolloutRecord> History { get; } = [];

    public List<QuarantinedDigest> Quarantine { get; } = [];

    public FetchOutcome.Failed? FetchFault { get; set; }

    public Action<string> OnLine { get; set; } = _ => { };

    /// <summary>The named line throws so many times, then works.</summary>
    public void Throws(string line, int times, ReasonCode code = ReasonCode.EngineUnavailable)
    {
        var queue = new Queue<Exception?>();
        for (var i = 0; i < times; i++)
        {
            queue.Enqueue(new EnvironmentException(code, $"{line} cannot be done now"));
        }

        faults[line] = queue;
    }

    public void Answers(string line, StepOutcome outcome) => outcomes[line] = outcome;

    public void Is(string containerId, Sample sample) => samples[containerId] = sample;

    public Task<FetchOutcome> FetchAsync(ImmutableArray<Step> steps, IProgress<PullProgress> progress, CancellationToken ct)
    {
        Note("fetch", ct);
        return Task.FromResult<FetchOutcome>(FetchFault is { } fault
            ? fault
            : new FetchOutcome.Ready(steps.Where(step => step.ChangesImage).ToImmutableDictionary(step => step.Workload, step => new FetchedImage("image-new", PulledHere: true) { NewOrigin = new ImageOrigin(null, "commit of " + step.Workload.Service, null) })));
    }

    public Task<PrepareOutcome> PrepareAsync(string rollout, Step step, ReplicaRef replica, FetchedImage? image, CancellationToken ct) =>
        Task.FromResult<PrepareOutcome>(new PrepareOutcome.Ready(new Undo
        {
            Key = $"{step.Workload.Service}.{replica.Number}",
            Rollout = rollout,
            Workload = step.Workload,
            Action = step.Action,
            OneShot = step.OneShot,
            Name = replica.Name,
            ParkedName = replica.Name + ".omis-parked",
            NewName = replica.Name + ".omis-new",
            OldId = replica.ContainerId,
            OldImageId = replica.ImageId,
            NewImageId = image?.ImageId ?? replica.ImageId,
            To = step.ChangesImage ? step.To : null,
            RestartPolicy = new RestartPolicy("always", 0),
            After = step.After,
        }));

    public Task<StepOutcome> StageAsync(Undo undo, ImmutableDictionary<string, string> renewed, CancellationToken ct) => TouchAsync("stage", undo, new StepOutcome.Done("new-" + undo.Key), ct);

    public Task<StepOutcome> SwapAsync(Undo undo, CancellationToken ct) => TouchAsync("swap", undo, new StepOutcome.Done(undo.NewId, 0), ct);

    public Task WithdrawAsync(Undo undo, CancellationToken ct) => TouchAsync("withdraw", undo, new StepOutcome.Done(), ct);

    public Task<Evidence> EvidenceAsync(Undo undo, CancellationToken ct) => Task.FromResult(new Evidence(7, ["last words of " + undo.Key]));

    public Task<StepOutcome> RestoreAsync(Undo undo, CancellationToken ct) => TouchAsync("restore", undo, new StepOutcome.Done(undo.OldId), ct);

    public Task DiscardAsync(Undo undo, CancellationToken ct) => TouchAsync("discard", undo, new StepOutcome.Done(), ct);

    public Task FinishAsync(Undo undo, int keepPrevious, CancellationToken ct) => TouchAsync("finish", undo, new StepOutcome.Done(), ct);

    public Task<Sample> SampleAsync(Subject subject, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(samples.GetValueOrDefault(subject.ContainerId, Sample.Good()));
    }

    public Task AppendAsync(string rollout, JournalEntry entry, CancellationToken ct)
    {
        Note("journal " + entry.GetType().Name, ct);
        Journal.Add(entry);
        return Task.CompletedTask;
    }

    public ImmutableArray<Remnant> Remnants { get; set; } = [];

    public Task<ImmutableArray<Remnant>> FindRemnantsAsync(ImmutableHashSet<string> open, CancellationToken ct) => Task.FromResult(Remnants);

    public Task RestoreAsync(string rollout, ImmutableArray<JournalEntry> entries, CancellationToken ct)
    {
        Journal.AddRange(entries);
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<OpenRollout>> OpenAsync(CancellationToken ct) =>
        Task.FromResult<ImmutableArray<OpenRollout>>(Journal.Count == 0 ? [] : [new OpenRollout("r", [.. Journal])]);

    public Task CloseAsync(string rollout, RolloutRecord record, ImmutableArray<QuarantinedDigest> quarantine, ImmutableArray<Pin> pins, CancellationToken ct)
    {
        Note("close " + record.Outcome, ct);
        History.Add(record);
        Quarantine.AddRange(quarantine);
        if (record.Outcome != Outcome.Stuck)
        {
            Journal.Clear();
        }

        return Task.CompletedTask;
    }

    private Task<StepOutcome> TouchAsync(string verb, Undo undo, StepOutcome otherwise, CancellationToken ct)
    {
        var line = $"{verb} {undo.Key}";
        Note(line, ct);
        return Task.FromResult(outcomes.GetValueOrDefault(line, otherwise));
    }

    private void Note(string line, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        OnLine(line);
        if (faults.GetValueOrDefault(line) is { Count: > 0 } queue && queue.Dequeue() is { } fault)
        {
            Transcript.Add(line + " !");
            throw fault;
        }

        Transcript.Add(line);
    }
}
