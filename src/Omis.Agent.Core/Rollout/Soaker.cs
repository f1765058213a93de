using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Probing;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Core.Rollout;

/// <summary>Watches the whole project once everything new is proven. A soak that was interrupted goes on where it was.</summary>
public sealed class Soaker(StepRunner steps, Prober prober, AgentSettings settings, TimeProvider time)
{
    /// <returns>The neighbours that are well: one that is not cannot tell whether this rollout harmed it.</returns>
    public async Task<ImmutableArray<Subject>> WellAsync(string project, ImmutableArray<Subject> neighbours, CancellationToken ct) =>
        settings.Project(project).Soak > TimeSpan.Zero ? await prober.WellAsync(neighbours, ct).ConfigureAwait(false) : [];

    /// <param name="neighbours">Not asked for where the soak goes on: the journal has them.</param>
    public async Task<Failure?> SoakAsync(RolloutLog log, ImmutableArray<Subject> neighbours, CancellationToken ct)
    {
        var soak = settings.Project(log.Header.Project).Soak;
        if (soak <= TimeSpan.Zero)
        {
            return null;
        }

        if (log.State.Soak is { } began)
        {
            neighbours = [.. began.Neighbours.Select(Again)];
            soak = Left(soak, time.GetUtcNow() - began.Since);
        }
        else
        {
            var watched = neighbours.Select(neighbour => new Neighbour(neighbour.Workload, neighbour.ContainerId));
            await log.WriteAsync(new JournalEntry.Soaking(time.GetUtcNow()) { Neighbours = [.. watched] }, ct).ConfigureAwait(false);
        }

        log.Tell(log.Header.Steps[^1].Workload, RolloutPhase.Soaking, Durations.Text(soak));
        ImmutableArray<Subject> subjects = [.. log.State.Replicas.Where(replica => !replica.Undo.OneShot).Select(replica => steps.SubjectOf(replica.Undo, replica.Undo.NewId!)), .. neighbours];
        return await prober.SoakAsync(subjects, soak, ct).ConfigureAwait(false) is { } sick ? Blame(log, sick.Subject, sick.Why) : null;
    }

    /// <summary>A clock that was set back must not make a soak longer than it was meant to be.</summary>
    private static TimeSpan Left(TimeSpan soak, TimeSpan gone) =>
        gone < TimeSpan.Zero ? soak : gone > soak ? TimeSpan.Zero : soak - gone;

    /// <summary>Labels of what does not change are not in the journal: its state, its HEALTHCHECK and the file's probes speak for it.</summary>
    private Subject Again(Neighbour neighbour) =>
        new(neighbour.Workload, neighbour.ContainerId, OneShot: false, settings.HealthFor(neighbour.Workload, WorkloadLabels.None));

    /// <summary>A new container that fails is to blame itself; where an unchanged neighbour fails, all that is new is.</summary>
    private static Failure Blame(RolloutLog log, Subject subject, Health.Unhealthy why)
    {
        var own = log.State.Replicas.FirstOrDefault(replica => replica.Undo.NewId == subject.ContainerId);
        return new Failure(own is { Undo.ChangesImage: true } ? own.Undo.Key : null, why.Code, $"{subject.Workload.Service}: {why.Detail}", why.ImageFault);
    }
}
