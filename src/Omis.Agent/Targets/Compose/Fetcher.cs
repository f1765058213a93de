using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Engine;

namespace Omis.Agent.Targets.Compose;

/// <summary>
/// Brings images here by digest, so that no local tag moves yet, and never twice. An engine pulls an image for another
/// platform without a word where the registry holds no other: that one goes again.
/// </summary>
/// <param name="keepPrevious">How many images that ran before are kept for each service of a project.</param>
internal sealed class Fetcher(EngineClient engine, KeptImages kept, PreviousImages previous, DiskFloor floor, Func<string, int> keepPrevious, Func<ImageReference, CancellationToken, ValueTask<AuthConfig?>> authenticate)
{
    /// <summary>How long the engine may say nothing about a pull.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(60);

    public async Task<FetchOutcome> FetchAsync(ImmutableArray<Step> steps, IProgress<PullProgress> progress, CancellationToken ct)
    {
        ImmutableArray<Step> changing = [.. steps.Where(step => step.ChangesImage)];
        var images = ImmutableDictionary.CreateBuilder<WorkloadId, FetchedImage>();
        foreach (var step in changing)
        {
            if (await FetchAsync(step, changing, images, progress, ct).ConfigureAwait(false) is { } failed)
            {
                return failed;
            }
        }

        foreach (var step in changing)
        {
            var (running, next) = (step.Replicas.Select(replica => replica.ImageId), images[step.Workload].ImageId);
            await previous.PushAsync(ImageReference.Parse(step.Image), step.Workload.Service, [.. running], next, keepPrevious(step.Workload.Project), ct).ConfigureAwait(false);
        }

        return new FetchOutcome.Ready(images.ToImmutable());
    }

    private async Task<FetchOutcome.Failed?> FetchAsync(Step step, ImmutableArray<Step> all, ImmutableDictionary<WorkloadId, FetchedImage>.Builder images, IProgress<PullProgress> progress, CancellationToken ct)
    {
        var image = ImageReference.Parse(step.Image);
        var reference = image.At(step.To!.Value);
        try
        {
            var here = await HereAsync(step, ct).ConfigureAwait(false);
            if (here is null && await floor.ShortageAsync(() => ReclaimAsync(all, ct), ct).ConfigureAwait(false) is { } shortage)
            {
                return new FetchOutcome.Failed(step.Workload, ReasonCode.Disk, shortage);
            }

            var running = await engine.InspectImageAsync(step.Replicas[0].ImageId, ct).ConfigureAwait(false);
            var pulled = here ?? await PullAsync(step, image, reference, await PlatformAsync(running, ct).ConfigureAwait(false), progress, ct).ConfigureAwait(false);
            if (KeptImages.Foreign(pulled, running) is { } foreign)
            {
                if (here is null)
                {
                    await engine.RemoveImageAsync(reference, ct).ConfigureAwait(false);
                }

                return new FetchOutcome.Failed(step.Workload, ReasonCode.PlatformMismatch, $"{reference} {foreign}");
            }

            images[step.Workload] = new FetchedImage(pulled["Id"].Text()!, PulledHere: here is null) { OldOrigin = OriginOf(running), NewOrigin = OriginOf(pulled) };
            return null;
        }
        catch (EngineAnswerException answer)
        {
            return new FetchOutcome.Failed(step.Workload, PullFault.Of(answer.Message), answer.Message);
        }
        catch (EnvironmentException fault) when (fault.Code is ReasonCode.RegistryUnauthorized or ReasonCode.RegistryUnavailable or ReasonCode.RateLimited)
        {
            return new FetchOutcome.Failed(step.Workload, fault.Code, fault.Message);
        }
    }

    private Task<JsonObject?> HereAsync(Step step, CancellationToken ct) =>
        kept.InspectAsync(ImageReference.Parse(step.Image), step.Workload.Service, step.To!.Value, ct);

    /// <summary>Of each service, what a rollback would not go to first; but nothing that this rollout goes to.</summary>
    private async Task ReclaimAsync(ImmutableArray<Step> steps, CancellationToken ct)
    {
        foreach (var step in steps)
        {
            if (await HereAsync(step, ct).ConfigureAwait(false) is null)
            {
                await previous.SettleAsync(ImageReference.Parse(step.Image), step.Workload.Service, step.Replicas[0].ImageId, keep: 1, ct).ConfigureAwait(false);
            }
        }
    }

    private static ImageOrigin? OriginOf(JsonObject? image) => ImageOrigin.Of(label => image?["Config"]?["Labels"]?[label].Text());

    /// <summary>What runs for another platform than the engine's own was asked for so, and goes on so.</summary>
    private async Task<string?> PlatformAsync(JsonObject? running, CancellationToken ct) =>
        running is null || KeptImages.Platform(running) == await engine.PlatformAsync(ct).ConfigureAwait(false) ? null
        : running["Variant"].Text() is { Length: > 0 } variant ? $"{KeptImages.Platform(running)}/{variant}"
        : KeptImages.Platform(running);

    private async Task<JsonObject> PullAsync(Step step, ImageReference image, string reference, string? platform, IProgress<PullProgress> progress, CancellationToken ct)
    {
        var meter = new PullMeter();
        string? error = null;
        var auth = await authenticate(image, ct).ConfigureAwait(false);
        await engine.PullAsync(image.LocalName, step.To!.Value.Value, platform, auth, Quiet, message =>
        {
            error ??= message.Error?.Message;
            if (meter.Add(message) is { } sum)
            {
                progress.Report(new PullProgress(step.Workload, step.Image, sum.Current, sum.Total));
            }
        }, ct).ConfigureAwait(false);
        return error is null && await engine.InspectImageAsync(reference, ct).ConfigureAwait(false) is { } pulled
            ? pulled
            : throw new EngineAnswerException(System.Net.HttpStatusCode.BadGateway, $"pull {reference}: {error ?? "the engine does not have it after the pull"}");
    }
}
