using System.Collections.Concurrent;
using System.Collections.Immutable;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Planning;
using Omis.Agent.Engine;
using Omis.Agent.Targets.Compose.Hooks;

namespace Omis.Agent.Targets.Compose;

/// <summary>Goes back to the parked container. Looks at what is there, so that any half of it can be repeated.</summary>
internal sealed class Restorer(EngineClient engine, Stager stager, InjectedFiles files, HookRunner hooks)
{
    private const int LogLines = 50;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>New containers that still ran when they were withdrawn: their exit code only tells of our own stop.</summary>
    private readonly ConcurrentDictionary<string, bool> stoppedByUs = new(StringComparer.Ordinal);

    public async Task WithdrawAsync(Undo undo, CancellationToken ct)
    {
        if (undo.Action == StepAction.Recreate && await FindNewAsync(undo, ct).ConfigureAwait(false) is { Runs: true } made && HasOurName(undo, made))
        {
            stoppedByUs[made.Id] = true;

            // The old one waits for this: a failed container does not get a long grace period.
            await AnswerAsync(() => engine.StopAsync(made.Id, made.Grace < Grace ? made.Grace : Grace, ct, within: true)).ConfigureAwait(false);
        }
    }

    public async Task<Evidence> EvidenceAsync(Undo undo, CancellationToken ct)
    {
        if (undo.Action == StepAction.Restart || await FindNewAsync(undo, ct).ConfigureAwait(false) is not { } made)
        {
            return Evidence.None;
        }

        var endedByItself = made.RestartCount > 0 || !stoppedByUs.ContainsKey(made.Id);
        ImmutableArray<string> lines = [];
        await AnswerAsync(async () => lines = await engine.LogTailAsync(made.Id, made.Tty, LogLines, ct).ConfigureAwait(false)).ConfigureAwait(false);
        int? code = null;
        if (endedByItself && made.State is RunState.Exited or RunState.Dead)
        {
            await AnswerAsync(async () => code = await engine.FirstExitCodeAsync(made.Id, ct).ConfigureAwait(false) ?? made.ExitCode).ConfigureAwait(false);
        }

        return new Evidence(code, [.. lines.Select(made.Redact)]);
    }

    public async Task<StepOutcome> RestoreAsync(Undo undo, CancellationToken ct)
    {
        try
        {
            return undo.Action == StepAction.Restart
                ? await RestartAsync(undo, ct).ConfigureAwait(false)
                : await ReturnAsync(undo, ct).ConfigureAwait(false);
        }
        catch (EngineAnswerException answer)
        {
            return new StepOutcome.Failed(ReasonCode.StartFailed, StartFault.WithRemedy(answer.Message));
        }
    }

    /// <summary>The container that the rollout made, whatever its name is now; null where it is gone.</summary>
    public async Task<ContainerView?> FindNewAsync(Undo undo, CancellationToken ct)
    {
        if (undo.NewId is not null)
        {
            return await ViewAsync(undo.NewId, ct).ConfigureAwait(false);
        }

        var found = await engine.ListAsync([$"{WorkloadLabels.Rollout}={undo.Rollout}", $"{WorkloadLabels.Role}={undo.Key}"], ct).ConfigureAwait(false);
        return found.IsEmpty ? null : await ViewAsync(found[0].Id, ct).ConfigureAwait(false);
    }

    /// <summary>
    /// Someone else's container under the name that is ours to give back, or the new one where someone gave it a name of
    /// his own and it runs: either stands for the service now, and is left as it is.
    /// </summary>
    public async Task<ContainerView?> FindForeignAsync(Undo undo, CancellationToken ct)
    {
        var holder = await ViewAsync(undo.Name, ct).ConfigureAwait(false);
        return holder is not null && holder.Id != undo.OldId && holder.Labels.GetValueOrDefault(WorkloadLabels.Rollout) != undo.Rollout ? holder
            : undo.Action == StepAction.Recreate && await FindNewAsync(undo, ct).ConfigureAwait(false) is { Runs: true } made && !HasOurName(undo, made) ? made
            : null;
    }

    /// <summary>What someone renamed is his.</summary>
    public static bool HasOurName(Undo undo, ContainerView container) =>
        container.Name == undo.Name || container.Name == undo.NewName || container.Name == undo.ParkedName;

    /// <summary>
    /// The tag points at what runs again, so that a later <c>docker compose up</c> recreates nothing. Where it no longer
    /// points to what we pointed it to, a person moved it since, and it is left.
    /// </summary>
    public async Task ReturnTagAsync(Undo undo, CancellationToken ct)
    {
        if (undo.ChangesImage && undo.Tag is not null
            && (await engine.InspectImageAsync(undo.Tag, ct).ConfigureAwait(false))?["Id"].Text() == undo.NewImageId)
        {
            await stager.PointAsync(undo.Tag, undo.OldImageId, ct).ConfigureAwait(false);
        }
    }

    private async Task<StepOutcome> RestartAsync(Undo undo, CancellationToken ct)
    {
        if (await ViewAsync(undo.OldId, ct).ConfigureAwait(false) is not { } old)
        {
            return new StepOutcome.Failed(ReasonCode.ChangedByOthers, $"{undo.Name} was removed by someone else");
        }

        await engine.RestartAsync(old.Id, old.Grace, ct).ConfigureAwait(false);
        return new StepOutcome.Done(old.Id);
    }

    private async Task<StepOutcome> ReturnAsync(Undo undo, CancellationToken ct)
    {
        // Nobody serves now: both looks at once.
        var looking = ViewAsync(undo.OldId, ct);
        var foreign = await FindForeignAsync(undo, ct).ConfigureAwait(false);
        var parked = await looking.ConfigureAwait(false);
        if (foreign is not null)
        {
            return new StepOutcome.Failed(ReasonCode.ChangedByOthers, $"{foreign.Name} is a container that someone else made or renamed");
        }

        if (parked is { Runs: true } && !HasOurName(undo, parked))
        {
            return new StepOutcome.Failed(ReasonCode.ChangedByOthers, $"{undo.Name} was renamed to {parked.Name} by someone else and runs");
        }

        // A container under the parked name is one that an earlier attempt made anew. What someone put by under another name
        // is as good as gone.
        var old = (parked is not null && HasOurName(undo, parked) ? parked : null) ?? await ViewAsync(undo.ParkedName, ct).ConfigureAwait(false) ?? await RemakeAsync(undo, ct).ConfigureAwait(false);
        if (old is null)
        {
            return await LastResortAsync(undo, ct).ConfigureAwait(false);
        }

        await RunAsync(undo, old, ct).ConfigureAwait(false);
        await TakeNameAsync(undo, old, ct).ConfigureAwait(false);
        if (undo.WasRunning && !old.Runs)
        {
            // It runs again whatever they say: the proof that follows judges it.
            await AnswerAsync(() => hooks.AfterStartAsync(old, old.Id, ct)).ConfigureAwait(false);
        }

        if (old.RestartPolicy != undo.RestartPolicy)
        {
            await engine.SetRestartPolicyAsync(old.Id, undo.RestartPolicy, ct).ConfigureAwait(false);
        }

        return new StepOutcome.Done(old.Id);
    }

    /// <summary>
    /// Serving again comes first; names and the restart policy follow. A parked container that still runs may be about to
    /// stop, by a stop that was under way when the agent was: only a restart waits for that. One that was never parked
    /// but is bound to another's container has lost its network with that one, and finds the new one by a restart.
    /// </summary>
    private Task RunAsync(Undo undo, ContainerView old, CancellationToken ct) =>
        !undo.WasRunning ? Task.CompletedTask
        : !old.Runs ? engine.StartAsync(old.Id, ct)
        : old.Name == undo.ParkedName || !undo.After.IsEmpty ? engine.RestartAsync(old.Id, old.Grace, ct)
        : Task.CompletedTask;

    /// <summary>Nothing can be brought back. Where someone took the new container away too, that is how he wants it; else it is all there is.</summary>
    private async Task<StepOutcome> LastResortAsync(Undo undo, CancellationToken ct)
    {
        if (await FindNewAsync(undo, ct).ConfigureAwait(false) is not { } only)
        {
            return new StepOutcome.Failed(ReasonCode.ChangedByOthers, $"{undo.Name} was removed by someone else");
        }

        await engine.StartAsync(only.Id, ct).ConfigureAwait(false);
        return new StepOutcome.Failed(ReasonCode.StartFailed, $"{undo.Name} and its image were removed by someone else; the new container is left running");
    }

    private async Task TakeNameAsync(Undo undo, ContainerView old, CancellationToken ct)
    {
        if (old.Name == undo.Name)
        {
            return;
        }

        if (await FindNewAsync(undo, ct).ConfigureAwait(false) is { } made && made.Name == undo.Name)
        {
            await engine.RenameAsync(made.Id, undo.NewName, ct).ConfigureAwait(false);
        }

        await engine.RenameAsync(old.Id, undo.Name, ct).ConfigureAwait(false);
    }

    /// <summary>
    /// The parked container is gone, as a concurrent <c>docker compose up</c> removes it for a surplus replica: one is
    /// made after it, from what is remembered or else from the new container, whose settings are the same but for the image.
    /// </summary>
    private async Task<ContainerView?> RemakeAsync(Undo undo, CancellationToken ct)
    {
        var made = await FindNewAsync(undo, ct).ConfigureAwait(false);
        var (model, modelImage) = stager.Original(undo.OldId) is { } original ? (original, undo.OldImageId) : (made?.Inspect, undo.NewImageId);
        if (model is null || made is null
            || await engine.InspectImageAsync(modelImage!, ct).ConfigureAwait(false) is not { } from
            || await engine.InspectImageAsync(undo.OldImageId, ct).ConfigureAwait(false) is not { } to)
        {
            return null;
        }

        // Named by its tag, as compose would have it: a container that names an image ID would never be updated again.
        await ReturnTagAsync(undo, ct).ConfigureAwait(false);
        var injected = await files.FindAsync(made, ct).ConfigureAwait(false);
        var name = undo.Tag is not null && (await engine.InspectImageAsync(undo.Tag, ct).ConfigureAwait(false))?["Id"].Text() == undo.OldImageId ? undo.Tag : undo.OldImageId;
        var input = new BlueprintInput(model, from, to, name, InjectedFiles.Labels(injected), ImmutableDictionary<string, string>.Empty, await engine.ApiVersionAsync(ct).ConfigureAwait(false));
        var id = await stager.MakeAsync(ContainerBlueprint.Draw(input), undo.ParkedName, ct).ConfigureAwait(false);
        await files.CarryAsync(made.Id, id, injected, ct).ConfigureAwait(false);
        return await ViewAsync(id, ct).ConfigureAwait(false);
    }

    private async Task<ContainerView?> ViewAsync(string idOrName, CancellationToken ct) =>
        await engine.InspectAsync(idOrName, ct).ConfigureAwait(false) is { } inspect ? new ContainerView(inspect) : null;

    /// <summary>What the engine refuses about a container that is on its way out must not keep the old one from returning.</summary>
    private static async Task AnswerAsync(Func<Task> call)
    {
        try
        {
            await call().ConfigureAwait(false);
        }
        catch (EngineAnswerException)
        {
        }
    }
}
