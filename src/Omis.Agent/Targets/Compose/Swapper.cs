using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Planning;
using Omis.Agent.Engine;

namespace Omis.Agent.Targets.Compose;

/// <summary>Parks the old container and starts the new one under its name. Nothing slow happens between stop and start.</summary>
internal sealed class Swapper(EngineClient engine, TimeProvider time)
{
    private static readonly RestartPolicy Never = new("no", 0);

    public async Task<StepOutcome> SwapAsync(Undo undo, CancellationToken ct)
    {
        var old = await ViewAsync(undo.OldId, ct).ConfigureAwait(false);
        if (old is null || old.Name != undo.Name || (undo.WasRunning && !old.Runs))
        {
            return new StepOutcome.Failed(ReasonCode.ChangedByOthers, $"{undo.Name} was {(old is null ? "removed" : old.Name != undo.Name ? "renamed" : "stopped")} by someone else in the meantime");
        }

        try
        {
            return undo.Action == StepAction.Restart
                ? await RestartAsync(old, ct).ConfigureAwait(false)
                : await ExchangeAsync(undo, old, ct).ConfigureAwait(false);
        }
        catch (EngineAnswerException answer)
        {
            return await GoneAsync(undo, ct).ConfigureAwait(false) is { } gone
                ? new StepOutcome.Failed(ReasonCode.ChangedByOthers, $"{gone} was removed by someone else in the middle of the swap")
                : StartFault.Of(answer.Message);
        }
    }

    private async Task<StepOutcome> RestartAsync(ContainerView old, CancellationToken ct)
    {
        var since = time.GetTimestamp();
        await engine.RestartAsync(old.Id, old.Grace, ct).ConfigureAwait(false);
        return new StepOutcome.Done(old.Id, since);
    }

    private async Task<StepOutcome> ExchangeAsync(Undo undo, ContainerView old, CancellationToken ct)
    {
        if (undo.RestartPolicy != Never)
        {
            await engine.SetRestartPolicyAsync(old.Id, Never, ct).ConfigureAwait(false);
        }

        await engine.RenameAsync(old.Id, undo.ParkedName, ct).ConfigureAwait(false);
        await engine.RenameAsync(undo.NewId!, undo.Name, ct).ConfigureAwait(false);
        var since = time.GetTimestamp();
        if (undo.WasRunning)
        {
            await StopAsync(old, ct).ConfigureAwait(false);
        }

        await engine.StartAsync(undo.NewId!, ct).ConfigureAwait(false);
        return new StepOutcome.Done(undo.NewId, undo.WasRunning ? since : null);
    }

    /// <summary>Watchtower's stop-signal label goes before the container's own signal, as its users expect.</summary>
    private async Task StopAsync(ContainerView old, CancellationToken ct)
    {
        if (WorkloadLabels.Parse(old.Labels).StopSignal is { } signal)
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
