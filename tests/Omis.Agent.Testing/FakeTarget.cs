using System.Collections.Immutable;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Planning;

namespace Omis.Agent.Testing;

/// <summary>Changes workloads of a <see cref="FakeSource"/>, with a transcript: <c>stage backend.1</c>. Pulls report two steps of progress.</summary>
public sealed class FakeTarget(FakeSource source) : ITarget, IKeptImages
{
    public List<string> Transcript { get; } = [];

    /// <summary>Given instead of images, where set.</summary>
    public FetchOutcome.Failed? FetchFails { get; set; }

    /// <summary>By key; thrown or given in place of what the touch would have done.</summary>
    public Dictionary<string, StepOutcome.Failed> SwapFails { get; } = [];

    /// <summary>The way back fails with this, for as long as it is set.</summary>
    public EnvironmentException? RestoreFault { get; set; }

    /// <summary>Runs before each swap.</summary>
    public Action<Undo> OnSwap { get; set; } = _ => { };

    public Evidence Evidence { get; set; } = Evidence.None;

    /// <summary>What is on the machine beside what runs, newest first; true for those under a tag of ours.</summary>
    public Dictionary<string, ImageOrigin> Origins { get; } = [];

    public List<(Digest Digest, bool Kept)> Images { get; } = [];

    public Task<ImmutableArray<Digest>> KeptAsync(Workload workload, CancellationToken ct) => Task.FromResult<ImmutableArray<Digest>>([.. Images.Where(image => image.Kept).Select(image => image.Digest)]);

    public Task<LocalCopy?> FindAsync(Workload workload, Digest digest, CancellationToken ct) =>
        Task.FromResult(Images.Any(image => image.Digest == digest) ? new LocalCopy("image-of-" + digest.Brief, null) : null);

    public Task<FetchOutcome> FetchAsync(ImmutableArray<Step> steps, IProgress<PullProgress> progress, CancellationToken ct)
    {
        foreach (var step in steps)
        {
            Transcript.Add("fetch " + step.Workload.Service);
            progress.Report(new PullProgress(step.Workload, step.Image, 12_300_000, 45_600_000));
            progress.Report(new PullProgress(step.Workload, step.Image, 45_600_000, 45_600_000));
        }

        return Task.FromResult<FetchOutcome>(FetchFails is { } failed ? failed : new FetchOutcome.Ready(steps.ToImmutableDictionary(step => step.Workload, step => new FetchedImage("image-of-" + step.To, PulledHere: true) { NewOrigin = Origins.GetValueOrDefault(step.Workload.Service) })));
    }

    public Task<PrepareOutcome> PrepareAsync(string rollout, Step step, ReplicaRef replica, FetchedImage? image, CancellationToken ct) =>
        Told<PrepareOutcome>("prepare", Key(step, replica), new PrepareOutcome.Ready(new Undo
        {
            Key = Key(step, replica),
            Rollout = rollout,
            Workload = step.Workload,
            Action = step.Action,
            Name = replica.Name,
            ParkedName = replica.Name + ".omis-parked",
            NewName = replica.Name + ".omis-new",
            OldId = replica.ContainerId,
            OldImageId = replica.ImageId,
            NewImageId = image?.ImageId,
            NewOrigin = image?.NewOrigin,
            To = step.ChangesImage ? step.To : null,
            RestartPolicy = new RestartPolicy("no", 0),
        }));

    public Task<StepOutcome> StageAsync(Undo undo, ImmutableDictionary<string, string> renewed, CancellationToken ct) =>
        Told<StepOutcome>("stage", undo.Key, new StepOutcome.Done("new-" + undo.Workload.Service));

    public Task<StepOutcome> SwapAsync(Undo undo, CancellationToken ct)
    {
        OnSwap(undo);
        return Told<StepOutcome>("swap", undo.Key, SwapFails.TryGetValue(undo.Key, out var failed) ? failed : new StepOutcome.Done("new-" + undo.Workload.Service));
    }

    public Task WithdrawAsync(Undo undo, CancellationToken ct) => Told("withdraw", undo.Key, true);

    public Task<StepOutcome> RestoreAsync(Undo undo, CancellationToken ct)
    {
        Transcript.Add("restore " + undo.Key);
        return RestoreFault is null ? Task.FromResult<StepOutcome>(new StepOutcome.Done(undo.OldId)) : Task.FromException<StepOutcome>(RestoreFault);
    }

    public Task<Evidence> EvidenceAsync(Undo undo, CancellationToken ct) => Told("evidence", undo.Key, Evidence);

    public Task<ImmutableArray<Remnant>> FindRemnantsAsync(ImmutableHashSet<string> open, CancellationToken ct) => Task.FromResult<ImmutableArray<Remnant>>([]);

    public Task DiscardAsync(Undo undo, CancellationToken ct) => Told("discard", undo.Key, true);

    public Task FinishAsync(Undo undo, int keepPrevious, CancellationToken ct)
    {
        source.With(workload => workload with { Replicas = [.. workload.Replicas.Select(replica => replica.ContainerId == undo.OldId && undo.To is { } to ? replica with { Digests = [to] } : replica)] }, undo.Workload.Service, undo.Workload.Project);
        return Told("finish", undo.Key, true);
    }

    private static string Key(Step step, ReplicaRef replica) => $"{step.Workload.Service}.{replica.Number}";

    private Task<T> Told<T>(string touch, string key, T answer)
    {
        Transcript.Add($"{touch} {key}");
        return Task.FromResult(answer);
    }
}
