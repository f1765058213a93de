using System.Collections.Immutable;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Engine;

namespace Omis.Agent.Targets.Compose;

/// <summary>
/// Finds what dead agents left, by names and labels alone. A new container is ours where it carries our labels and the
/// name that they speak of; an old one where it is parked beside such a container. Everything else is somebody's.
/// </summary>
internal sealed class Remnants(EngineClient engine)
{
    public async Task<ImmutableArray<Remnant>> FindAsync(ImmutableHashSet<string> open, CancellationToken ct)
    {
        var listed = await engine.ListAsync([], ct).ConfigureAwait(false);
        if (!listed.Any(container => RolloutNames.IsOurs(container.Name)))
        {
            return [];
        }

        var all = await AllContainers.OfAsync(engine, listed, ct).ConfigureAwait(false);
        var images = new ImageIndex(engine, await engine.ContainerdImageStoreAsync(ct).ConfigureAwait(false));
        var remnants = ImmutableArray.CreateBuilder<Remnant>();
        foreach (var rollout in all.Where(IsMade).GroupBy(RolloutOf).Where(rollout => !open.Contains(rollout.Key) && IsHalfDone(rollout, all)))
        {
            foreach (var made in rollout)
            {
                remnants.Add(await RemnantAsync(made, all, images, ct).ConfigureAwait(false));
            }
        }

        return remnants.ToImmutable();
    }

    private static bool IsMade(ContainerView container) =>
        container.Labels.ContainsKey(WorkloadLabels.Rollout) && RoleOf(container) is { } role
        && (container.Name == role || (RolloutNames.Plain(container.Name) == role && !IsParked(container, role)));

    private static bool IsHalfDone(IEnumerable<ContainerView> rollout, ImmutableArray<ContainerView> all) =>
        rollout.Any(made => made.Name != RoleOf(made) || ParkedFor(made, all) is not null)
        && !rollout.Any(made => Maker.IsAnotherThatLives(made.Labels.GetValueOrDefault(WorkloadLabels.Maker)));

    private static ContainerView? ParkedFor(ContainerView made, ImmutableArray<ContainerView> all) =>
        all.Where(container => IsParked(container, RoleOf(made)!) && IsSetAside(container, made)).MaxBy(container => container.Name.Length);

    /// <summary>A name alone is no proof: what we park is of the same service. Outside compose only the restart policy tells, which goes before the name.</summary>
    private static bool IsSetAside(ContainerView container, ContainerView made) =>
        Neighbourhood.IdOf(container) == Neighbourhood.IdOf(made)
        && (container.Labels.ContainsKey(ComposeLabels.Project) || container.RestartPolicy == Swapper.Never);

    private static bool IsParked(ContainerView container, string role) =>
        container.Name.StartsWith(role + RolloutNames.Parked, StringComparison.Ordinal) && RolloutNames.Plain(container.Name) == role;

    private static async Task<Remnant> RemnantAsync(ContainerView made, ImmutableArray<ContainerView> all, ImageIndex images, CancellationToken ct)
    {
        var (role, workload) = (RoleOf(made)!, Neighbourhood.IdOf(made));
        var parked = ParkedFor(made, all);
        var old = parked ?? all.FirstOrDefault(container => container.Name == role && container.Id != made.Id);
        var tag = ImageReference.TryParse(made.ImageText, out var image) && image.Digest is null ? image : null;
        var isJob = all.Any(container => ComposeLabels.Dependencies(workload.Project, container.Labels)
            .Any(edge => edge.On == workload && edge.Condition == DependencyCondition.CompletedSuccessfully));
        var undo = new Undo
        {
            Key = role,
            Rollout = RolloutOf(made),
            Workload = workload,
            Action = Core.Planning.StepAction.Recreate,
            OneShot = isJob,
            Name = role,
            ParkedName = parked?.Name ?? role + RolloutNames.Parked,
            NewName = made.Name == role ? role + RolloutNames.New : made.Name,
            OldId = old?.Id ?? "",
            OldImageId = old?.ImageId ?? "",
            NewId = made.Id,
            NewImageId = made.ImageId,
            To = old is null || old.ImageId == made.ImageId ? null : await DigestAsync(made, image, images, ct).ConfigureAwait(false),
            RestartPolicy = made.RestartPolicy,
            WasRunning = parked is null ? old?.Runs ?? false : !isJob,
            Tag = tag?.LocalTag,
            After = [.. SharersOf(workload, old ?? made, all)],
            Labels = WorkloadLabels.Ours(made.Labels),
        };
        var isTouched = parked is not null || made.Name == role || old?.RestartPolicy != made.RestartPolicy;
        return new Remnant(undo, made.ImageText, old is null ? null : await DigestAsync(old, image, images, ct).ConfigureAwait(false), isTouched, made.Name == role);
    }

    private static IEnumerable<WorkloadId> SharersOf(WorkloadId workload, ContainerView container, ImmutableArray<ContainerView> all) =>
        new Neighbourhood(all).DependenciesOf(workload, container, WorkloadLabels.None)
            .Where(edge => edge.Kind == DependencyKind.Shares).Select(edge => edge.On).Distinct();

    private static async Task<Digest?> DigestAsync(ContainerView container, ImageReference? image, ImageIndex images, CancellationToken ct)
    {
        var known = await images.DigestsAsync(container.ImageId, image, ct).ConfigureAwait(false);
        return known is [var first, ..] ? first : Digest.TryParse(container.ImageId, out var id) ? id : null;
    }

    private static string RolloutOf(ContainerView made) => made.Labels[WorkloadLabels.Rollout];

    private static string? RoleOf(ContainerView made) => made.Labels.GetValueOrDefault(WorkloadLabels.Role);
}
