using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Observing;

/// <summary>
/// An edge between workloads. <see cref="Restart"/> is compose's <c>restart: true</c>;
/// a <see cref="DependencyKind.Shares"/> edge binds to the other's container id and so to its recreation.
/// </summary>
public sealed record Dependency(WorkloadId On, DependencyKind Kind, DependencyCondition Condition, bool Restart)
{
    public static Dependency Order(WorkloadId on) => new(on, DependencyKind.Order, DependencyCondition.Started, Restart: false);

    public static Dependency Shares(WorkloadId on) => new(on, DependencyKind.Shares, DependencyCondition.Started, Restart: false);
}

public enum DependencyKind
{
    /// <summary>Start order only: <c>depends_on</c>, <c>omis.agent.depends-on</c>.</summary>
    Order,

    /// <summary>The other's network, pid or ipc namespace, or its volumes (<c>volumes_from</c>).</summary>
    Shares,
}

/// <summary>Source: compose spec, <c>depends_on</c> long form.</summary>
public enum DependencyCondition
{
    Started, Healthy, CompletedSuccessfully,
}
