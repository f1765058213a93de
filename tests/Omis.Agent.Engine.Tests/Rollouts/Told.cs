using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Rollouts;

/// <summary>Reads what the agent printed with --json, as `contract.md` has it.</summary>
internal static class Told
{
    public static string Text(this JsonNode? node) => node!.GetValue<string>();

    public static IReadOnlyList<JsonNode> Items(this JsonNode? array) => [.. array!.AsArray().Select(item => item!)];

    /// <summary>The cycle's only rollout.</summary>
    public static JsonNode Rollout(this AgentResult result) =>
        result.Rollouts is [var only] ? only : throw new InvalidOperationException($"{result.Rollouts.Count} rollouts: {result}");

    public static string Outcome(this JsonNode rolloutOrStep) => rolloutOrStep["outcome"].Text();

    public static string Reason(this JsonNode rollout) => rollout["reason"]!["code"].Text();

    public static string Detail(this JsonNode rollout) => rollout["reason"]!["detail"].Text();

    public static JsonNode Step(this JsonNode rollout, string service) =>
        Assert.Single(rollout["steps"].Items(), step => step["service"].Text() == service);

    /// <summary>Each step as "service outcome", in the order in which they were to be taken.</summary>
    public static IEnumerable<string> Outcomes(this JsonNode rollout) =>
        rollout["steps"].Items().Select(step => $"{step["service"].Text()} {step.Outcome()}");

    /// <summary>Each wave's steps as "action service", with commas between.</summary>
    public static IEnumerable<string> Waves(this AgentResult result) =>
        result.Json["plan"]!["waves"].Items().Select(wave => string.Join(", ", wave.Items().Select(step => $"{step["action"].Text()} {step["service"].Text()}")));

    /// <summary>Each skip as "service reason".</summary>
    public static IEnumerable<string> Skips(this AgentResult result) =>
        result.Json["plan"]!["skipped"].Items().Select(skip => $"{skip["service"].Text()} {skip["reason"].Text()}");

    public static string SkipDetail(this AgentResult result, string service) =>
        Assert.Single(result.Json["plan"]!["skipped"].Items(), skip => skip["service"].Text() == service)["detail"].Text();

    /// <summary>Each workload as "service state".</summary>
    public static IEnumerable<string> Seen(this AgentResult result) =>
        result.Json["seen"].Items().Select(seen => $"{seen["service"].Text()} {seen["state"].Text()}");

    public static async Task<IReadOnlyList<JsonNode>> HistoryAsync(this AgentHome agent, params string[] arguments) =>
        (await agent.RunAsync(["history", "--json", .. arguments])).Exits(0).Json["entries"].Items();

    /// <summary>The quarantined digests.</summary>
    public static async Task<IEnumerable<string>> QuarantineAsync(this AgentHome agent) =>
        (await agent.RunAsync("quarantine", "list", "--json")).Exits(0).Json["entries"].Items().Select(entry => entry["digest"].Text());
}
