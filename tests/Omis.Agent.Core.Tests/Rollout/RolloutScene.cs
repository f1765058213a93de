using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Probing;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Core.Settings;
using Omis.Agent.Core.Tests.Planning;

namespace Omis.Agent.Core.Tests.Rollout;

/// <summary>A rollout of <c>db</c> then <c>web</c> on a fake engine, with a clock that goes on by itself at every wait.</summary>
internal sealed class RolloutScene
{
    private readonly HastyTime time = new();

    public FakeEngine Engine { get; } = new();

    public DateTimeOffset Now => time.GetUtcNow();

    public AgentSettings Settings { get; set; } = new()
    {
        Defaults = new ProjectSettings { Healthy = new HealthRules(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20), []), RevertBudget = TimeSpan.FromSeconds(30) },
    };

    public ImmutableArray<Step> Steps { get; set; } = [Step("db"), Step("web")];

    public static Step Step(string service, int replicas = 1) => new()
    {
        Workload = PlanningScene.Id(service),
        Action = StepAction.Recreate,
        Image = $"registry.test/{service}:latest",
        From = PlanningScene.Digest('1'),
        To = PlanningScene.Digest('2'),
        Replicas = [.. Enumerable.Range(1, replicas).Select(number => new ReplicaRef($"old-{service}.{number}", $"shop-{service}-{number}", number, "image-old"))],
        Cause = "new digest",
    };

    public Task<RolloutRecord> RunAsync(CancellationToken ct = default, params Subject[] neighbours)
    {
        var header = new RolloutHeader { Id = "r", Project = "shop", Trigger = Trigger.Poll, StartedAt = time.GetUtcNow(), Steps = Steps };
        return Runner().RunAsync(new RolloutLog(Engine, new RolloutState(header), new Progress<RolloutEvent>()), [.. neighbours], ct);
    }

    public Task<ImmutableArray<RolloutRecord>> RecoverAsync() =>
        new Recovery(Engine, Engine, Runner(), Committer(), Reverter(), new RolloutIds(time), time, NullLogger<Recovery>.Instance).RunAsync(new Progress<RolloutEvent>(), CancellationToken.None);

    /// <summary>What touched the engine, without the journal's lines.</summary>
    public string Touches => string.Join(", ", Engine.Transcript.Where(line => !line.StartsWith("journal", StringComparison.Ordinal) && !line.StartsWith("close", StringComparison.Ordinal)));

    private PlanRunner Runner() => new(Engine, StepRunner(), new Soaker(StepRunner(), Prober(), Settings, time), Committer(), Reverter(), NullLogger<PlanRunner>.Instance);

    private Committer Committer() => new(Engine, Settings, time, NullLogger<Committer>.Instance);

    private Reverter Reverter() => new(Engine, StepRunner(), Prober(), new Patience(time, NullLogger<Patience>.Instance), Settings, time, NullLogger<Reverter>.Instance);

    private StepRunner StepRunner() => new(Engine, Prober(), Settings, time);

    private Prober Prober() => new(Engine, time);
}
