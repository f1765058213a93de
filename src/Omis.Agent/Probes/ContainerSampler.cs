using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Probing;
using Omis.Agent.Engine;

namespace Omis.Agent.Probes;

/// <summary>Looks at a container's own state, then at its HEALTHCHECK, then asks the configured probes; the first bad answer is the sample.</summary>
internal sealed class ContainerSampler(EngineClient engine, ProbeSet probes) : IHealthSampler
{
    /// <summary>The engine may note a signal a little after the end that it led to.</summary>
    private static readonly TimeSpan Lag = TimeSpan.FromMilliseconds(200);

    public async Task<Sample> SampleAsync(Subject subject, CancellationToken ct)
    {
        try
        {
            return await engine.InspectAsync(subject.ContainerId, ct).ConfigureAwait(false) is not { } inspect
                ? Sample.Bad(ReasonCode.ChangedByOthers, "the container was removed by someone else", final: true)
                : await SampleAsync(subject, new ContainerView(inspect), ct).ConfigureAwait(false);
        }
        catch (EnvironmentException fault)
        {
            return Sample.Bad(ReasonCode.EngineUnavailable, fault.Message);
        }
    }

    private async Task<Sample> SampleAsync(Subject subject, ContainerView container, CancellationToken ct)
    {
        if (subject.OneShot)
        {
            return await BlamedAsync(Job(container), container, ct).ConfigureAwait(false);
        }

        if (Dead(container) is { } dead)
        {
            return await BlamedAsync(dead, container, ct).ConfigureAwait(false);
        }

        var allowance = container.StartAllowance;
        if (container.Health is not (null or "healthy"))
        {
            return Sample.Bad(ReasonCode.Unhealthy, $"HEALTHCHECK says {container.Health}; {container.LastHealthOutput}".TrimEnd(';', ' ')) with { StartAllowance = allowance };
        }

        foreach (var probe in subject.Rules.Probes)
        {
            var sample = await probes.ProbeAsync(probe, container, ct).ConfigureAwait(false);
            if (!sample.Ok)
            {
                return sample with { StartAllowance = allowance };
            }
        }

        return Sample.Good(allowance);
    }

    /// <summary>An end that a person ordered (<c>docker stop</c>, <c>docker compose down</c>) says nothing about the image; only the engine's events tell.</summary>
    private async Task<Sample> BlamedAsync(Sample sample, ContainerView container, CancellationToken ct) =>
        sample is { Ok: false, Final: true } && container.LastRun is var (started, ended)
            && await engine.WasSignalledAsync(container.Id, started, ended + Lag, ct).ConfigureAwait(false)
            ? Sample.Bad(ReasonCode.ChangedByOthers, "the container was stopped by someone else", final: true)
            : sample;

    /// <summary>A job is proven by ending with exit code 0, however long it takes within its deadline.</summary>
    private static Sample Job(ContainerView container) => container switch
    {
        { State: RunState.Exited, ExitCode: 0 } => Sample.Good() with { Final = true },
        { State: RunState.Exited } or { RestartCount: > 0 } => Sample.Bad(ReasonCode.Exited, Ending(container), final: true),
        _ => Sample.Bad(ReasonCode.Unhealthy, "the job has not ended"),
    };

    /// <summary>An end or a restart decides: a container that needs a second start is not healthy.</summary>
    private static Sample? Dead(ContainerView container) => container switch
    {
        { State: RunState.Restarting } or { State: RunState.Running, RestartCount: > 0 } => Sample.Bad(ReasonCode.Restarting, $"restarted {container.RestartCount} times; {Ending(container)}", final: true),
        { State: RunState.Running } => null,
        { State: RunState.Exited or RunState.Dead or RunState.Removing } => Sample.Bad(ReasonCode.Exited, Ending(container), final: true),
        _ => Sample.Bad(ReasonCode.Exited, $"is {container.State.ToString().ToLowerInvariant()}"),
    };

    private static string Ending(ContainerView container) =>
        $"exit code {container.ExitCode}" + (container.OutOfMemory ? ", out of memory" : "") + (container.StartError.Length > 0 ? $", {container.StartError}" : "");
}
