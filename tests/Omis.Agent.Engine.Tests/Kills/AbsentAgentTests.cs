using System.Text.Json.Nodes;
using Omis.Agent.Engine.Tests.Faults;

namespace Omis.Agent.Engine.Tests.Kills;

/// <summary>The agent is dead in the middle of a rollout, and a person works on the stack before it is started again.</summary>
public sealed class AbsentAgentTests
{
    /// <summary>After which the agent dies: everything staged; the second service's old container parked; both swapped; committed.</summary>
    private static readonly (string Method, string Call, int Skip)[] Deaths =
        [("POST", "/containers/create", 1), ("POST", "/containers/*/rename", 2), ("POST", "/containers/*/start", 1), ("DELETE", "/containers/*", 0)];

    public static TheoryData<int> Moments => [0, 1, 2, 3];

    /// <summary>Beside what was only staged compose itself cannot: it takes the new containers for replicas and gives both one name.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public Task Whose_service_was_recreated_by_compose_finds_it_left_alone(int moment) => OfAsync(moment, async update =>
    {
        await update.Stack.UpAsync("--pull", "never", "--force-recreate");
        return [.. (await update.Stack.PsAsync()).Where(container => container.IsRunning).Select(container => container.Id)];
    });

    [Theory, MemberData(nameof(Moments))]
    public Task Whose_first_service_was_renamed_finds_it_left_alone(int moment) => OfAsync(moment, async update =>
    {
        var mine = await RunningAsync(update, "api");
        await update.Stack.Engine.RenameAsync(mine.Id, $"{update.Stack.Prefix}-kept-by-me");
        return [mine.Id];
    });

    [Theory, MemberData(nameof(Moments))]
    public Task Whose_first_service_was_removed_keeps_nothing_of_ours(int moment) => OfAsync(moment, async update =>
    {
        await update.Stack.Engine.RemoveAsync((await RunningAsync(update, "api")).Id);
        return [];
    });

    [Theory, MemberData(nameof(Moments))]
    public Task Whose_first_service_was_stopped_keeps_nothing_of_ours(int moment) => OfAsync(moment, async update =>
    {
        await update.Stack.Engine.StopAsync((await RunningAsync(update, "api")).Id, 0);
        return [];
    });

    [Fact]
    public Task Whose_own_container_has_a_name_like_ours_finds_it_untouched() => OfAsync(1, async update =>
    {
        var name = $"{update.Stack.Prefix}-mine.omis-parked";
        var id = await update.Stack.Engine.CreateAsync(name, new() { ["Image"] = update.OldOf("api").ImageId, ["Labels"] = new JsonObject { ["omis.agent.rollout"] = "not-yours" } });
        await update.Stack.Engine.StartAsync(id);
        return [id];
    });

    /// <param name="person">What is done, and which containers must run on as they are.</param>
    private static async Task OfAsync(int moment, Func<PendingUpdate, Task<IReadOnlyList<string>>> person)
    {
        await using var update = await PendingUpdate.StartAsync(Rollouts.OneLeg.For($"{moment}"), new Wanted { Services = ["api", "web"], Config = """{ "defaults": { "revertBudget": "20s" } }""" });
        var agent = update.Begin();
        var death = update.Engine.After(Deaths[moment].Method, Deaths[moment].Call, async _ =>
        {
            await agent.KillAsync();
            return Verdict.Drop;
        }, times: 1, Deaths[moment].Skip);
        await agent.EndAsync();
        Assert.Equal(1, death.Hits);
        var theirs = await person(update);
        var before = await SeenAsync(update, theirs);

        (await update.Home.RunAsync("pause")).Exits(0);
        var cycle = await update.CycleAsync();
        Assert.True(cycle.ExitCode is 0 or 3 or 4 or 6, $"{cycle}");
        Assert.True(before.SequenceEqual(await SeenAsync(update, theirs)), $"{string.Join(", ", before)} became {string.Join(", ", await SeenAsync(update, theirs))}: {cycle}");
        await NothingOfOursAsync(update, theirs, cycle);
        await update.NothingIsQuarantinedAsync();
        Assert.All(cycle.Rollouts, rollout => Assert.Equal("recovery", rollout["trigger"]!.GetValue<string>()));

        // The pause that keeps this cycle from going on to the update is told as well.
        Assert.Equal(cycle.Outcomes(), (await update.HistoryAsync()).Where(line => line != "refused paused"));
    }

    private static async Task<ContainerFacts> RunningAsync(PendingUpdate update, string service) =>
        Assert.Single(await update.Stack.PsAsync(), container => container.Service == service && container.IsRunning);

    private static async Task<IReadOnlyList<string>> SeenAsync(PendingUpdate update, IReadOnlyList<string> ids) =>
        [.. (await Task.WhenAll(ids.Select(update.Stack.Engine.TryInspectAsync))).Select(seen => $"{seen?.Id} {seen?.Name} {seen?.Status} {seen?.Json["State"]!["StartedAt"]}")];

    private static async Task NothingOfOursAsync(PendingUpdate update, IReadOnlyList<string> theirs, AgentResult cycle)
    {
        var left = (await update.Stack.PsAsync()).Where(container => !theirs.Contains(container.Id) && container.Name.Contains(".omis-", StringComparison.Ordinal));
        Assert.True(!left.Any(), $"left {string.Join(", ", left.Select(container => container.Name))}: {cycle}");
    }
}
