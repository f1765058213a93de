using System.Collections.Immutable;
using Omis.Agent.Configuration;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Settings;
using Omis.Agent.Engine;
using Omis.Agent.Hosting;
using Omis.Agent.Targets.Compose;

namespace Omis.Agent.Examining;

/// <summary>Tries everything that the service needs, and changes nothing.</summary>
internal sealed class Doctor(AgentSettings settings, Composition parts, Memory memory, TimeProvider time) : IDisposable
{
    private readonly EngineConnection connection = new(settings.Engine);

    public async Task<ImmutableArray<Finding>> ExamineAsync(ConfigResult config, bool sendTest, CancellationToken ct)
    {
        var engine = new EngineClient(connection);
        var notify = new NotifyExam(settings, Composition.Notifiers, time).ExamineAsync(sendTest, ct);
        var reached = await new EngineExam(settings.Engine, engine, time).ExamineAsync(ct);
        ImmutableArray<Finding> found = [.. ConfigExam.Warnings(config), .. reached, .. await new StateExam(settings.StateDirectory, memory, DiskFloor.Free).ExamineAsync(ct), .. LogExam.Examine(settings.Log)];
        found = reached.Any(finding => finding.State == FindingState.Failed)
            ? [.. found, Finding.Skipped("registry", "used ones", "what runs could not be seen", "see the engine first"), .. await RegistriesAsync([], ct)]
            : [.. found, .. await BehindEngineAsync(engine, ct)];
        return [.. found, .. await notify];
    }

    public void Dispose() => connection.Dispose();

    private async Task<ImmutableArray<Finding>> BehindEngineAsync(EngineClient engine, CancellationToken ct)
    {
        try
        {
            var disk = DiskExam.Examine(settings.Engine, await engine.DataRootAsync(ct), DiskFloor.Free);
            var workloads = await parts.Source.ObserveAsync(ct);
            return [disk, .. ConfigExam.Strangers(settings, workloads), .. await RegistriesAsync(workloads, ct)];
        }
        catch (EnvironmentException fault)
        {
            return [Finding.Failed("engine", "containers", fault.Message, "see what the engine is at: journalctl -u docker")];
        }
    }

    private async Task<ImmutableArray<Finding>> RegistriesAsync(ImmutableArray<Workload> workloads, CancellationToken ct)
    {
        var (findings, skews) = await new RegistryExam(settings, parts.Registry, time).ExamineAsync(workloads, ct);
        return [.. findings, ClockExam.Examine(skews)];
    }
}
