using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Probing;

public abstract record Health
{
    private Health() { }

    public sealed record Healthy : Health;

    /// <param name="ImageFault">False where the container could not be asked, which says nothing about its image.</param>
    public sealed record Unhealthy(ReasonCode Code, string Detail, bool ImageFault) : Health;
}

/// <summary>One look at a container and its probes.</summary>
public sealed record Sample
{
    public required bool Ok { get; init; }

    /// <summary>True where no later look can change it: an ended job, a dead container.</summary>
    public bool Final { get; init; }

    public ReasonCode Code { get; init; } = ReasonCode.ProbeFailed;

    public string Detail { get; init; } = "";

    /// <summary>The HEALTHCHECK's own allowance for starting, counted from the container's start: no deadline falls within it.</summary>
    public TimeSpan StartAllowance { get; init; }

    public static Sample Good(TimeSpan startAllowance = default) => new() { Ok = true, StartAllowance = startAllowance };

    public static Sample Bad(ReasonCode code, string detail, bool final = false) => new() { Ok = false, Final = final, Code = code, Detail = detail };
}
