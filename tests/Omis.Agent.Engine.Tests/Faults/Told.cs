using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Faults;

/// <summary>What a cycle's document says, in the words of `contract.md`.</summary>
internal static class Told
{
    public static string Outcome(this JsonNode rollout) => rollout["outcome"]!.GetValue<string>();

    /// <summary>The reason's code, or empty.</summary>
    public static string Reason(this JsonNode rollout) => rollout["reason"]?["code"]?.GetValue<string>() ?? "";

    /// <summary>Why a service was left out of the plan, or empty.</summary>
    public static string Skipped(this AgentResult cycle, string service) =>
        cycle.Json["plan"]?["skipped"]?.AsArray().SingleOrDefault(skip => skip!["service"]!.GetValue<string>() == service)?["reason"]?.GetValue<string>() ?? "";

    /// <summary>Each rollout as "outcome reason".</summary>
    public static IReadOnlyList<string> Outcomes(this AgentResult cycle) => [.. cycle.Rollouts.Select(rollout => $"{rollout.Outcome()} {rollout.Reason()}".Trim())];

    /// <summary>Fails with all that the agent said where the cycle's rollouts ended in any other way.</summary>
    public static AgentResult Ended(this AgentResult cycle, params string[] outcomes)
    {
        Assert.True(outcomes.SequenceEqual(cycle.Outcomes()), $"expected {string.Join(", ", outcomes)}: {cycle}");
        return cycle;
    }
}
