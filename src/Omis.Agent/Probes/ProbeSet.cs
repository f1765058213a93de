using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Probing;
using Omis.Agent.Engine;

namespace Omis.Agent.Probes;

/// <summary>The probes there are, by kind of spec.</summary>
internal sealed class ProbeSet(HttpProbe http, TcpProbe tcp, EngineClient engine)
{
    public Task<Sample> ProbeAsync(ProbeSpec probe, ContainerView container, CancellationToken ct) => probe switch
    {
        ProbeSpec.Http spec => http.ProbeAsync(spec, AddressOf(container), ct),
        ProbeSpec.Tcp spec => tcp.ProbeAsync(spec, AddressOf(container), ct),
        ProbeSpec.Exec spec => ExecAsync(spec, container.Id, ct),
        _ => throw new ArgumentOutOfRangeException(nameof(probe), probe.GetType().Name, "unknown probe"),
    };

    private static ProbeAddress AddressOf(ContainerView container) => new(container.Address, container.Ports);

    private async Task<Sample> ExecAsync(ProbeSpec.Exec spec, string containerId, CancellationToken ct)
    {
        // Only the program: its arguments may hold a password.
        var command = spec.Command[0];
        try
        {
            var code = await engine.ExecAsync(containerId, spec.Command, spec.Timeout, ct).ConfigureAwait(false);
            return code == 0 ? Sample.Good() : Sample.Bad(ReasonCode.ProbeFailed, $"exec {command}: exit code {code}");
        }
        catch (EnvironmentException fault)
        {
            return Sample.Bad(ReasonCode.ProbeFailed, $"exec {command}: {fault.Message}");
        }
    }
}
