using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;

namespace Omis.Agent.Testing;

/// <summary>An engine's workloads in memory.</summary>
public sealed class FakeSource : IWorkloadSource
{
    private readonly SortedDictionary<WorkloadId, Workload> workloads = new(WorkloadId.ByName);

    /// <summary>Thrown instead of answering, as an engine that is away would have it.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Runs before each look.</summary>
    public Action OnObserve { get; set; } = () => { };

    public int Looks { get; private set; }

    /// <summary>One replica that runs at the digest, named and tagged as compose would.</summary>
    public FakeSource Runs(string service, Digest digest, string project = "shop")
    {
        var id = new WorkloadId(project, service);
        workloads[id] = new Workload
        {
            Id = id,
            Image = $"127.0.0.1:5000/{service}:latest",
            Replicas = [new Replica { ContainerId = $"old-{service}", Name = $"{project}-{service}-1", State = RunState.Running, ImageId = $"image-of-{digest.Brief}", Digests = [digest] }],
        };
        return this;
    }

    public FakeSource With(Func<Workload, Workload> change, string service, string project = "shop")
    {
        var id = new WorkloadId(project, service);
        workloads[id] = change(workloads[id]);
        return this;
    }

    public Task<ImmutableArray<Workload>> ObserveAsync(CancellationToken ct)
    {
        Looks++;
        OnObserve();
        ct.ThrowIfCancellationRequested();
        return Fault is null ? Task.FromResult<ImmutableArray<Workload>>([.. workloads.Values]) : Task.FromException<ImmutableArray<Workload>>(Fault);
    }
}
