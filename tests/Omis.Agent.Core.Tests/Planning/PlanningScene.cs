using System.Collections.Immutable;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Planning;

namespace Omis.Agent.Core.Tests.Planning;

/// <summary>Builds what a plan follows from, in few words. Every service <c>x</c> has the image <c>registry.test/x:latest</c>.</summary>
internal sealed class PlanningScene
{
    private readonly List<Workload> workloads = [];
    private readonly Dictionary<ImageReference, RegistryAnswer> answers = [];
    private readonly HashSet<Digest> quarantined = [];
    private readonly Dictionary<WorkloadId, UpdatePolicy> policies = [];

    public static Digest Digest(char digit) => Core.Naming.Digest.Parse("sha256:" + new string(digit, 64));

    public static WorkloadId Id(string service) => new("shop", service);

    public PlanningScene Runs(string service, char digest = '1', char latest = '1', Func<Workload, Workload>? but = null)
    {
        var workload = new Workload
        {
            Id = Id(service),
            Image = $"registry.test/{service}:latest",
            Replicas = [Replica(service, 1, digest)],
        };
        workloads.Add(but is null ? workload : but(workload));
        return Has(service, latest);
    }

    public PlanningScene Has(string service, char latest) => Answers(service, new RegistryAnswer.Found(Digest(latest)));

    public PlanningScene Answers(string service, RegistryAnswer answer)
    {
        answers[ImageReference.Parse($"registry.test/{service}:latest")] = answer;
        return this;
    }

    /// <summary>The registry does not have this digest.</summary>
    public PlanningScene Unknown(string service, char digest)
    {
        answers[ImageReference.Parse($"registry.test/{service}@{Digest(digest)}")] = new RegistryAnswer.Failed(ReasonCode.ImageNotFound, "manifest unknown");
        return this;
    }

    public PlanningScene Quarantined(char digit)
    {
        quarantined.Add(Digest(digit));
        return this;
    }

    public PlanningScene Policy(string service, UpdatePolicy policy)
    {
        policies[Id(service)] = policy;
        return this;
    }

    public Plan Plan(params string[] chosen) => Planner.Plan(Input(chosen));

    public PlanInput Input(params string[] chosen) => new()
    {
        Workloads = [.. workloads],
        Policies = policies.ToImmutableDictionary(),
        Answers = answers.ToImmutableDictionary(),
        Quarantined = [.. quarantined],
        Chosen = chosen.Length == 0 ? null : [.. chosen.Select(Id)],
    };

    public static Replica Replica(string service, int number, char digest, RunState state = RunState.Running) => new()
    {
        ContainerId = $"{service}-{number}-id",
        Name = $"shop-{service}-{number}",
        Number = number,
        State = state,
        ExitCode = state == RunState.Exited ? 0 : null,
        ImageId = "image-" + digest,
        Digests = [Digest(digest)],
    };

    public static Func<Workload, Workload> Edges(params Dependency[] edges) => workload => workload with { Dependencies = [.. edges] };
}
