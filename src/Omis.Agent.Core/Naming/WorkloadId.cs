namespace Omis.Agent.Core.Naming;

/// <summary>One compose service, or one container outside compose (then both parts are the container's name).</summary>
public readonly record struct WorkloadId(string Project, string Service)
{
    public static readonly IComparer<WorkloadId> ByName = Comparer<WorkloadId>.Create((one, other) =>
        string.CompareOrdinal(one.Project, other.Project) is not 0 and var byProject
            ? byProject
            : string.CompareOrdinal(one.Service, other.Service));

    public override string ToString() => Project == Service ? Service : $"{Project}/{Service}";
}
