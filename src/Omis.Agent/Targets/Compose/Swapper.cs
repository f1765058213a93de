using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Planning;
using Omis.Agent.Engine;
using Omis.Agent.Targets.Compose.Hooks;

namespace Omis.Agent.Targets.Compose;

/// <summary>Parks the old container and starts the new one under its name. Nothing slow happens between stop and start.</summary>
internal sealed class Swapper(EngineClient engine, HookRunner hooks, TimeProvider time)
{
    public static readonly RestartPolicy Never = new("no", 0);

    /// <summary>How long the engine may still take over what is under way when the agent is told to stop.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    public async Task<StepOutcome> SwapAsync(Undo undo, CancellationToken ct)
    {
        var old = await ViewAsync(undo.OldId, ct).ConfigureAwait(false);

        // What is bound to another may have ended with it: who shares a pid namespace does not outlive its owner.
        if (old is null || old.Name != undo.Name || (undo.WasRunning && !old.Runs && undo.After.IsEmpty))
        {
            return new StepOutcome.Failed(ReasonCode.ChangedByOthers, $"{undo.Name} was {(old is null ? "removed" : old.Name != undo.Name ? "renamed" : "stopped")} by someone else in the meantime");
        }

        // From here on nothing is cancelled at once: a stop goes on in the engine after its caller has gone. A call that
        // hangs must not keep the way back waiting for as long as it may take otherwise.
        using var late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var told = ct.Register(() => late.CancelAfter(Linger));
        try
        {
            var isUp = undo.WasRunning && old.State == RunState.Running;
            if (isUp && await hooks.BeforeStopAsync(old, late.Token).ConfigureAwait(false) is { } refused)
            {
                return refused;
            }

            var done = undo.Action == StepAction.Restart
                ? await RestartAsync(old, late.Token).ConfigureAwait(false)
                : await ExchangeAsync(undo, old, late.Token).ConfigureAwait(false);

            // The hooks of the one are those of the other: both are of the same service.
            return await hooks.AfterStartAsync(old, done.ContainerId!, late.Token).ConfigureAwait(false) ?? (StepOutcome)done;
        }
        catch (EngineAnswerException answer)
        {
            return await GoneAsync(undo, ct).ConfigureAwait(false) is { } gone
                ? new StepOutcome.Failed(ReasonCode.ChangedByOthers, $"{gone} was removed by someone else in the middle of the swap")
                : StartFault.Of(answer.Message);
        }
    }

    private async Task<StepOutcome.Done> RestartAsync(ContainerView old, CancellationToken ct)
    {
        var since = time.GetTimestamp();
        await engine.RestartAsync(old.Id, old.Grace, ct).ConfigureAwait(false);
        return new StepOutcome.Done(old.Id, since);
    }

    private async Task<StepOutcome.Done> ExchangeAsync(Undo undo, ContainerView old, CancellationToken ct)
    {
        if (undo.RestartPolicy != Never)
        {
            await engine.SetRestartPolicyAsync(old.Id, Never, ct).ConfigureAwait(false);
        }

        // Docker before 23 cannot rename a container whose network is gone between two of its crashes.
        var crashes = old.State == RunState.Restarting || old.RestartCount > 0;
        var since = time.GetTimestamp();
        if (undo.WasRunning && crashes)
        {
            await StopAsync(old, ct).ConfigureAwait(false);
        }

        await engine.RenameAsync(old.Id, undo.ParkedName, ct).ConfigureAwait(false);
        await engine.RenameAsync(undo.NewId!, undo.Name, ct).ConfigureAwait(false);
        if (undo.WasRunning && !crashes)
        {
            since = time.GetTimestamp();
            await StopAsync(old, ct).ConfigureAwait(false);
        }

        await engine.StartAsync(undo.NewId!, ct).ConfigureAwait(false);
        return new StepOutcome.Done(undo.NewId, undo.WasRunning ? since : null);
    }

    /// <summary>Watchtower's stop-signal label goes before the container's own signal, as its users expect.</summary>
    private async Task StopAsync(ContainerView old, CancellationToken ct)
    {
        if (old.State == RunState.Running && WorkloadLabels.Parse(old.Labels).StopSignal is { } signal)
        {
            await engine.KillAsync(old.Id, signal, ct).ConfigureAwait(false);
        }

        await engine.StopAsync(old.Id, old.Grace, ct).ConfigureAwait(false);
    }

    /// <returns>The name of the container that is no longer there, or null.</returns>
    private async Task<string?> GoneAsync(Undo undo, CancellationToken ct) =>
        await ViewAsync(undo.OldId, ct).ConfigureAwait(false) is null ? undo.Name
        : await ViewAsync(undo.NewId!, ct).ConfigureAwait(false) is null ? undo.NewName
        : null;

    private async Task<ContainerView?> ViewAsync(string id, CancellationToken ct) =>
        await engine.InspectAsync(id, ct).ConfigureAwait(false) is { } inspect ? new ContainerView(inspect) : null;
}
