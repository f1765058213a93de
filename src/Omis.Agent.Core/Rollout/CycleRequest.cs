using System.Collections.Immutable;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Rollout;

/// <summary>How far a pass goes, for whom, and who asked for it.</summary>
public sealed record CycleRequest
{
    public required CycleDepth Depth { get; init; }

    public Trigger Trigger { get; init; } = Trigger.Poll;

    public string? Actor { get; init; }

    public string? Comment { get; init; }

    /// <summary>One project, or all where null.</summary>
    public string? Project { get; init; }

    /// <summary>Some services of <see cref="Project"/>, or all where empty.</summary>
    public ImmutableArray<string> Services { get; init; } = [];
}

public enum CycleDepth
{
    /// <summary>What runs, and what the registries have. Touches and pulls nothing.</summary>
    Check,

    /// <summary>What would be done, and why the rest would not.</summary>
    Plan,

    /// <summary>All of it.</summary>
    Rollout,
}

/// <summary>A person named a project or service that is not on the engine.</summary>
public sealed class UnknownWorkloadException(string message) : Exception(message);
