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
internal sealed class Fetcher(EngineClient engine, KeptImages kept, PreviousImages previous, DiskFloor floor, Func<ImageReference, CancellationToken, ValueTask<AuthConfig?>> authenticate)
{
    /// <summary>How long the engine may say nothing about a pull.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(60);

    public async Task<FetchOutcome> FetchAsync(ImmutableArray<Step> steps, int keepPrevious, IProgress<PullProgress> progress, CancellationToken ct)
    {
        var images = ImmutableDictionary.CreateBuilder<WorkloadId, FetchedImage>();
        foreach (var step in steps.Where(step => step.ChangesImage))
        {
            var outcome = await FetchAsync(step, images, progress, ct).ConfigureAwait(false);
            if (outcome is not null)
            {
                return outcome;
            }
        }

        foreach (var step in steps.Where(step => step.ChangesImage))
        {
            await previous.PushAsync(ImageReference.Parse(step.Image), step.Workload.Service, step.Replicas[0].ImageId, keepPrevious, ct).ConfigureAwait(false);
        }

        return new FetchOutcome.Ready(images.ToImmutable());
    }

    private async Task<FetchOutcome.Failed?> FetchAsync(Step step, ImmutableDictionary<WorkloadId, FetchedImage>.Builder images, IProgress<PullProgress> progress, CancellationToken ct)
    {
        var image = ImageReference.Parse(step.Image);
        var reference = image.At(step.To!.Value);
        try
        {
            var here = await kept.InspectAsync(image, step.Workload.Service, step.To.Value, ct).ConfigureAwait(false);
            if (here is null && await floor.ShortageAsync(() => previous.TrimAsync(image, step.Workload.Service, 1, ct), ct).ConfigureAwait(false) is { } shortage)
            {
                return new FetchOutcome.Failed(step.Workload, ReasonCode.Disk, shortage);
            }

            var pulled = here ?? await PullAsync(step, image, reference, progress, ct).ConfigureAwait(false);
            if (KeptImages.Foreign(pulled, await engine.InspectImageAsync(step.Replicas[0].ImageId, ct).ConfigureAwait(false)) is { } foreign)
            {
                if (here is null)
                {
                    await engine.RemoveImageAsync(reference, ct).ConfigureAwait(false);
                }

                return new FetchOutcome.Failed(step.Workload, ReasonCode.PlatformMismatch, $"{reference} {foreign}");
            }

            images[step.Workload] = new FetchedImage(pulled["Id"].Text()!, PulledHere: here is null);
            return null;
        }
        catch (EngineAnswerException answer)
        {
            return new FetchOutcome.Failed(step.Workload, PullFault.Of(answer.Message), answer.Message);
        }
    }

    private async Task<JsonObject> PullAsync(Step step, ImageReference image, string reference, IProgress<PullProgress> progress, CancellationToken ct)
    {
        var meter = new PullMeter();
        string? error = null;
        var auth = await authenticate(image, ct).ConfigureAwait(false);
        await engine.PullAsync(image.LocalName, step.To!.Value.Value, auth, Quiet, message =>
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
