using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Planning;
using Omis.Agent.Engine;

namespace Omis.Agent.Targets.Compose;

/// <summary>Makes the new container beside the old one and proves that it lost nothing, while the old one serves.</summary>
internal sealed class Stager(EngineClient engine, InjectedFiles files)
{
    /// <summary>Old containers as they were, for the case that someone removes one in mid-rollout. Held in memory only: they may hold secrets.</summary>
    private readonly ConcurrentDictionary<string, JsonObject> originals = new(StringComparer.Ordinal);

    public JsonObject? Original(string oldId) => originals.GetValueOrDefault(oldId);

    public async Task<PrepareOutcome> PrepareAsync(string rollout, Step step, ReplicaRef replica, FetchedImage? image, CancellationToken ct)
    {
        var inspect = await engine.InspectAsync(replica.ContainerId, ct).ConfigureAwait(false);
        var old = inspect is null ? null : new ContainerView(inspect);
        if (old?.Name != replica.Name)
        {
            return new PrepareOutcome.Failed(ReasonCode.ChangedByOthers, $"{replica.Name} is no longer the container that was observed");
        }

        if (!old!.Runs && !step.OneShot)
        {
            return new PrepareOutcome.Failed(ReasonCode.ChangedByOthers, $"{replica.Name} was stopped by someone else in the meantime");
        }

        originals[old.Id] = old.Inspect;
        var tag = step.Action == StepAction.Recreate && ImageReference.TryParse(step.Image, out var reference) ? reference : null;
        return new PrepareOutcome.Ready(new Undo
        {
            Key = old.Name,
            Rollout = rollout,
            Workload = step.Workload,
            Action = step.Action,
            OneShot = step.OneShot,
            Name = old.Name,
            ParkedName = await RolloutNames.FreeAsync(old.Name, RolloutNames.Parked, name => IsTakenAsync(name, ct)).ConfigureAwait(false),
            NewName = await RolloutNames.FreeAsync(old.Name, RolloutNames.New, name => IsTakenAsync(name, ct)).ConfigureAwait(false),
            OldId = old.Id,
            OldImageId = old.ImageId,
            NewId = step.Action == StepAction.Restart ? old.Id : null,
            NewImageId = image?.ImageId ?? old.ImageId,
            To = step.ChangesImage ? step.To : null,
            OldOrigin = image?.OldOrigin,
            NewOrigin = image?.NewOrigin,
            PulledHere = image?.PulledHere ?? false,
            RestartPolicy = old.RestartPolicy,
            WasRunning = old.Runs,
            Tag = tag?.LocalTag,
            TagImageId = tag is null ? null : (await engine.InspectImageAsync(tag.LocalTag, ct).ConfigureAwait(false))?["Id"].Text(),
            After = step.After,
            Labels = WorkloadLabels.Ours(old.Labels),
        });
    }

    public async Task<StepOutcome> StageAsync(Undo undo, ImmutableDictionary<string, string> renewed, CancellationToken ct)
    {
        if (undo.Action == StepAction.Restart)
        {
            return new StepOutcome.Done(undo.OldId);
        }

        try
        {
            return await CreateAsync(undo, renewed, ct).ConfigureAwait(false);
        }
        catch (EngineAnswerException answer)
        {
            return CreateFault(answer);
        }
    }

    /// <summary>Creates a container after a blueprint and joins it to the networks that the engine does not take at create.</summary>
    public async Task<string> MakeAsync(Blueprint blueprint, string name, CancellationToken ct)
    {
        var id = await engine.CreateAsync(name, blueprint.Create, ct).ConfigureAwait(false);
        foreach (var (network, endpoint) in blueprint.Connects)
        {
            await engine.ConnectAsync(network, new JsonObject { ["Container"] = id, ["EndpointConfig"] = endpoint.DeepClone() }, ct).ConfigureAwait(false);
        }

        return id;
    }

    private async Task<StepOutcome> CreateAsync(Undo undo, ImmutableDictionary<string, string> renewed, CancellationToken ct)
    {
        if (Original(undo.OldId) is not { } inspect
            || await engine.InspectImageAsync(undo.OldImageId, ct).ConfigureAwait(false) is not { } oldImage
            || await engine.InspectImageAsync(undo.NewImageId!, ct).ConfigureAwait(false) is not { } newImage)
        {
            return new StepOutcome.Failed(ReasonCode.ChangedByOthers, $"the image of {undo.Name} is gone from the engine");
        }

        var old = new ContainerView(inspect);
        var injected = await files.FindAsync(old, ct).ConfigureAwait(false);
        var labels = InjectedFiles.Labels(injected).Add(WorkloadLabels.Rollout, undo.Rollout).Add(WorkloadLabels.Role, undo.Key).Add(WorkloadLabels.Maker, Maker.Mine);
        var input = new BlueprintInput(inspect, oldImage, newImage, undo.Tag ?? old.ImageText, labels, renewed, await engine.ApiVersionAsync(ct).ConfigureAwait(false));
        var blueprint = ContainerBlueprint.Draw(input);
        var id = await UnderTagAsync(undo, () => MakeAsync(blueprint, undo.NewName, ct), ct).ConfigureAwait(false);

        var strayed = await files.CarryAsync(undo.OldId, id, injected, ct).ConfigureAwait(false);
        var made = await engine.InspectAsync(id, ct).ConfigureAwait(false);
        var lost = made is null ? ["the container itself"] : LossProof.Differences(input, blueprint, made).AddRange(strayed);
        return lost.IsEmpty
            ? new StepOutcome.Done(id)
            : new StepOutcome.Failed(ReasonCode.Lossy, $"{undo.Name} would lose or change: {string.Join(", ", lost)}");
    }

    /// <summary>
    /// The container's <c>Image</c> must read <c>repo:tag</c>, so the tag is pointed at the image before. Where the image
    /// does not change, the tag is a person's and goes back at once.
    /// </summary>
    private async Task<string> UnderTagAsync(Undo undo, Func<Task<string>> create, CancellationToken ct)
    {
        var moves = undo.Tag is not null && undo.TagImageId != undo.NewImageId;
        if (moves)
        {
            await PointAsync(undo.Tag!, undo.NewImageId!, ct).ConfigureAwait(false);
        }

        try
        {
            return await create().ConfigureAwait(false);
        }
        finally
        {
            if (moves && !undo.ChangesImage && undo.TagImageId is { } before)
            {
                await PointAsync(undo.Tag!, before, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Points a local <c>repo:tag</c> at an image.</summary>
    public Task PointAsync(string tag, string imageId, CancellationToken ct)
    {
        var reference = ImageReference.Parse(tag);
        return engine.TagAsync(imageId, reference.LocalName, reference.Tag!, ct);
    }

    private async Task<bool> IsTakenAsync(string name, CancellationToken ct) =>
        await engine.InspectAsync(name, ct).ConfigureAwait(false) is not null;

    /// <summary>A request that the engine calls bad is bad because of what the image brought; a full disk or a lost network is not its fault.</summary>
    private static StepOutcome.Failed CreateFault(EngineAnswerException answer) =>
        answer.Message.Contains("no space left", StringComparison.OrdinalIgnoreCase)
            ? new StepOutcome.Failed(ReasonCode.Disk, answer.Message)
            : new StepOutcome.Failed(ReasonCode.CreateFailed, answer.Message, ImageFault: answer.Status == HttpStatusCode.BadRequest);
}
