using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Probing;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Hosting;

/// <summary>The one list of parts, and how they are put together.</summary>
internal sealed class Composition : IDisposable
{
    /// <summary>The real engine and the real registries.</summary>
    public static readonly Outside Outside = new(ConnectEngine, ConnectRegistries);

    private readonly EngineParts engine;

    public Composition(AgentSettings settings, Memory memory, Outside outside, ILoggerFactory logging, TimeProvider time)
    {
        engine = outside.Engine(settings, logging, time);
        var ids = new RolloutIds(time);
        var prober = new Prober(engine.Sampler, time);
        var steps = new StepRunner(engine.Target, prober, settings, time);
        var committer = new Committer(engine.Target, settings, time, logging.CreateLogger<Committer>());
        var reverter = new Reverter(engine.Target, steps, prober, new Patience(time, logging.CreateLogger<Patience>()), settings, time, logging.CreateLogger<Reverter>());
        var runner = new PlanRunner(engine.Target, steps, prober, committer, reverter, settings, logging.CreateLogger<PlanRunner>());
        Cycle = new RolloutCycle(
            engine.Source,
            new UpdateChecker(outside.Registry(settings, logging, time)),
            new RolloutDispatch(runner, memory.Ledger, settings, ids, time),
            new Recovery(memory.Ledger.Journal, runner, committer, reverter, ids, logging.CreateLogger<Recovery>()),
            memory.Ledger,
            settings,
            ids,
            time);
    }

    public RolloutCycle Cycle { get; }

    public void Dispose() => engine.Connection?.Dispose();

    // TO BE FILLED: the engine's adapters.
    private static EngineParts ConnectEngine(AgentSettings settings, ILoggerFactory logging, TimeProvider time) =>
        throw new EnvironmentException(ReasonCode.EngineUnavailable, "this build has no engine adapter yet");

    // TO BE FILLED: OciRegistry.
    private static IImageRegistry ConnectRegistries(AgentSettings settings, ILoggerFactory logging, TimeProvider time) =>
        throw new EnvironmentException(ReasonCode.RegistryUnavailable, "this build has no registry adapter yet");
}
