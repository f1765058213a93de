using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;

namespace Omis.Agent.Core.Gating;

/// <summary>Something that may hold a rollout back before its first touch.</summary>
public interface IGate
{
    string Name { get; }

    /// <returns>Why the rollout has to wait, or null.</returns>
    Refusal? Judge(RolloutPlan rollout, DateTimeOffset now);
}

public sealed record Refusal(ReasonCode Reason, string Detail);
