using System.Collections.Immutable;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Examining;

/// <summary>Whether each registry that is used or configured answers and takes the login: by an image that runs, or by its front door.</summary>
internal sealed class RegistryExam(AgentSettings settings, IImageRegistry registry, TimeProvider time)
{
    private const string Check = "registry";

    /// <returns>The findings, and how far each registry's clock was ahead of this machine's.</returns>
    public async Task<(ImmutableArray<Finding> Findings, ImmutableArray<TimeSpan> Skews)> ExamineAsync(ImmutableArray<Workload> workloads, CancellationToken ct)
    {
        var used = workloads.Select(Asked).OfType<ImageReference>().GroupBy(image => image.Registry).ToImmutableSortedDictionary(images => images.Key, images => images.First(), StringComparer.Ordinal);
        var looks = await Task.WhenAll(used.Keys.Union(settings.Registries.Keys).Order(StringComparer.Ordinal).Select(name => LookAsync(name, used.GetValueOrDefault(name), ct)));
        return ([.. looks.Select(look => look.Finding)], [.. looks.Select(look => look.Skew).OfType<TimeSpan>()]);
    }

    private static string? Remedy(string name, ReasonCode code) => code switch
    {
        ReasonCode.ImageNotFound => "push that tag again, or correct the image's name where it is given",
        ReasonCode.RateLimited => $"wait, sign in to {name} for a higher limit, or make check.every longer",
        ReasonCode.RegistryUnavailable => $"see that this machine resolves and reaches {name} (firewall, HTTPS_PROXY); a private certificate authority goes into registries[\"{name}\"].caFile",
        _ => null,
    };

    /// <summary>Only what came from a registry says anything about one.</summary>
    private static ImageReference? Asked(Workload workload) =>
        workload.Replicas.Any(replica => !replica.Digests.IsEmpty) && ImageReference.TryParse(workload.Image, out var image) ? image : null;

    private async Task<(Finding Finding, TimeSpan? Skew)> LookAsync(string name, ImageReference? image, CancellationToken ct)
    {
        var greeted = registry is IRegistryGreeter greeter ? await greeter.GreetAsync(name, ct) : null;
        var skew = (greeted as RegistryAnswer.Admitted)?.Clock - time.GetUtcNow();
        var answer = image is null ? greeted : await registry.LatestAsync(image, ct);
        var finding = answer switch
        {
            RegistryAnswer.Found found => Finding.Ok(Check, name, $"says that {image} is {found.Digest.Brief}"),
            RegistryAnswer.Admitted => Finding.Ok(Check, name, "answers and takes the login; no image that runs came from there"),
            RegistryAnswer.Failed failed => Failed(name, failed),
            _ => Finding.Skipped(Check, name, "was not asked", "no image that runs came from there"),
        };
        return (finding, skew);
    }

    /// <summary>A refusal brings its remedy along, behind a semicolon.</summary>
    private static Finding Failed(string name, RegistryAnswer.Failed failed)
    {
        var (detail, remedy) = failed.Detail.Split("; ", 2) is [var what, var then] ? (what, then) : (failed.Detail, "see docs/registries.md");
        return Finding.Failed(Check, name, $"{failed.Code.Text()}: {(Remedy(name, failed.Code) is null ? detail : failed.Detail)}", Remedy(name, failed.Code) ?? remedy);
    }
}
