using System.Collections.Immutable;
using Omis.Agent.Core.Checking;
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

    /// <summary>Only workloads of these images, or all where null. None may be there: that is no mistake.</summary>
    public ImmutableHashSet<ImageHint>? Images { get; init; }

    /// <summary>True where everything on the engine is looked at.</summary>
    public bool IsWhole => Project is null && Images is null;

    /// <summary>Set where the project is to go back instead of forward.</summary>
    public BackRequest? Back { get; init; }
}

/// <param name="To">A digest, its first digits, or a rollout's id; null for what ran before the last one.</param>
public sealed record BackRequest(string? To);

public enum CycleDepth
{
    /// <summary>What runs, and what the registries have. Touches and pulls nothing.</summary>
    Check,

    /// <summary>What would be done, and why the rest would not.</summary>
    Plan,

    /// <summary>All of it.</summary>
    Rollout,
}

/// <summary>A person named a project, service, rollout or digest that is not there.</summary>
public sealed class UnknownWorkloadException(string message) : Exception(message);
