using System.Collections.Immutable;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Planning;
using Omis.Agent.Engine;

namespace Omis.Agent.Targets.Compose;

/// <summary>Containers of one Docker Engine, under compose or not.</summary>
internal sealed class ComposeTarget(EngineClient engine, Fetcher fetcher, Stager stager, Swapper swapper, Restorer restorer, Remnants remnants, PreviousImages previous) : ITarget
{
    public Task<FetchOutcome> FetchAsync(ImmutableArray<Step> steps, IProgress<PullProgress> progress, CancellationToken ct) =>
        fetcher.FetchAsync(steps, progress, ct);

    public Task<PrepareOutcome> PrepareAsync(string rollout, Step step, ReplicaRef replica, FetchedImage? image, CancellationToken ct) =>
        stager.PrepareAsync(rollout, step, replica, image, ct);

    public Task<StepOutcome> StageAsync(Undo undo, ImmutableDictionary<string, string> renewed, CancellationToken ct) =>
        stager.StageAsync(undo, renewed, ct);

    public Task<StepOutcome> SwapAsync(Undo undo, CancellationToken ct) => swapper.SwapAsync(undo, ct);

    public Task WithdrawAsync(Undo undo, CancellationToken ct) => restorer.WithdrawAsync(undo, ct);

    public Task<Evidence> EvidenceAsync(Undo undo, CancellationToken ct) => restorer.EvidenceAsync(undo, ct);

    public Task<StepOutcome> RestoreAsync(Undo undo, CancellationToken ct) => restorer.RestoreAsync(undo, ct);

    public Task<ImmutableArray<Remnant>> FindRemnantsAsync(ImmutableHashSet<string> open, CancellationToken ct) => remnants.FindAsync(open, ct);

    public async Task DiscardAsync(Undo undo, CancellationToken ct)
    {
        if (undo.Action == StepAction.Restart)
        {
            return;
        }

        var foreign = await restorer.FindForeignAsync(undo, ct).ConfigureAwait(false);
        if (foreign is null)
        {
            await BringBackAsync(undo, ct).ConfigureAwait(false);
        }

        if (await restorer.FindNewAsync(undo, ct).ConfigureAwait(false) is { } made && made.Id != undo.OldId && Restorer.HasOurName(undo, made) && (made.State == RunState.Created || await IsReplacedAsync(undo, made.Id, ct).ConfigureAwait(false)))
        {
            await engine.RemoveAsync(made.Id, anonymousVolumes: true, ct).ConfigureAwait(false);
        }

        if (foreign is not null)
        {
            // Someone put another container in its place: what we parked is no longer wanted.
            await RemoveParkedAsync(undo, ct).ConfigureAwait(false);
        }

        // Where that one runs the new image, the tag and the image are needed as they are.
        if (foreign is not null && foreign.ImageId == undo.NewImageId)
        {
            return;
        }

        await restorer.ReturnTagAsync(undo, ct).ConfigureAwait(false);
        if (undo.ChangesImage && ImageReference.TryParse(undo.Tag, out var image))
        {
            await previous.SettleAsync(image, undo.Workload.Service, undo.OldImageId, int.MaxValue, ct).ConfigureAwait(false);
            if (undo.PulledHere)
            {
                await engine.RemoveImageAsync(image.At(undo.To!.Value), ct).ConfigureAwait(false);
            }
        }
    }

    public async Task FinishAsync(Undo undo, int keepPrevious, CancellationToken ct)
    {
        if (undo.Action == StepAction.Restart)
        {
            return;
        }

        await RemoveParkedAsync(undo, ct).ConfigureAwait(false);
        if (undo.ChangesImage && ImageReference.TryParse(undo.Tag, out var image))
        {
            await previous.SettleAsync(image, undo.Workload.Service, undo.NewImageId!, keepPrevious, ct).ConfigureAwait(false);
        }
    }

    /// <summary>A disk that lost the end of the journal knows nothing of a swap: what is still parked then serves again first.</summary>
    private async Task BringBackAsync(Undo undo, CancellationToken ct)
    {
        if (undo.WasRunning && await engine.InspectAsync(undo.OldId, ct).ConfigureAwait(false) is { } inspect && new ContainerView(inspect).Name == undo.ParkedName)
        {
            await restorer.WithdrawAsync(undo, ct).ConfigureAwait(false);
            await restorer.RestoreAsync(undo, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Never the last container of a service that ever ran: something else must stand for it.</summary>
    private async Task<bool> IsReplacedAsync(Undo undo, string madeId, CancellationToken ct) =>
        await engine.InspectAsync(undo.OldId, ct).ConfigureAwait(false) is not null
        || (await engine.InspectAsync(undo.Name, ct).ConfigureAwait(false) is { } holder && holder["Id"].Text() != madeId);

    private async Task RemoveParkedAsync(Undo undo, CancellationToken ct)
    {
        if (await engine.InspectAsync(undo.OldId, ct).ConfigureAwait(false) is { } inspect && new ContainerView(inspect) is { Runs: false } old && old.Name == undo.ParkedName)
        {
            await engine.RemoveAsync(old.Id, anonymousVolumes: false, ct).ConfigureAwait(false);
        }
    }
}
