using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Planning;

/// <summary>A person holds a service at a digest, by a rollback or by name, until a person lifts it.</summary>
/// <param name="Reason">What the person gave as <c>--reason</c>.</param>
public sealed record Pin(WorkloadId Workload, Digest Digest, string? Actor, string? Reason, DateTimeOffset Since)
{
    /// <summary>
    /// True once the service has run the digest. Until then an update takes it there; afterwards what someone else puts
    /// in its place is left alone, as anywhere.
    /// </summary>
    public bool Reached { get; init; }

    /// <summary><c>held at sha256:… by ann: release night</c></summary>
    public string Text =>
        $"held at {Digest.Brief}" + (Actor is { } actor ? $" by {actor}" : "") + (Reason is { } reason ? $": {reason}" : "");
}
