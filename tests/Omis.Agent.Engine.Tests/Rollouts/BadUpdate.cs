namespace Omis.Agent.Engine.Tests.Rollouts;

/// <summary>
/// The second of three services gets a bad image: everything goes back, the bad image is left alone from then on, and
/// the fixed one is taken.
/// </summary>
internal static class BadUpdate
{
    /// <param name="reasons">Any of these is right: how far an ending container has come when it is looked at is chance.</param>
    public static async Task GoesBackAndTakesTheFixAsync(string leg, TestImage bad, string[] reasons, string probes = "", int? exitCode = null, string[]? lastWords = null)
    {
        await using var stack = await ThreeServices.UpAsync(Lab.Current.Engine(leg));
        await using var agent = stack.Agent(Rules.For(stack, "backend", probes));
        var before = await StateAsync(stack);
        foreach (var name in ThreeServices.Names)
        {
            await stack.PushAsync(name, name == "backend" ? bad : TestImage.Healthy(name, "2"));
        }

        var result = (await agent.CycleAsync()).Exits(4);
        var rollout = result.Rollout();
        Assert.Equal("reverted", rollout.Outcome());
        Assert.Contains(rollout.Reason(), reasons);
        var failedAtCreate = rollout.Reason() == "createFailed";
        Assert.Equal([failedAtCreate ? "csvtomdb untouched" : "csvtomdb reverted", "backend reverted", "frontend untouched"], rollout.Outcomes());
        await IsAsItWasAsync(stack, before);

        var remembered = Assert.Single(await agent.HistoryAsync());
        Assert.Equal(rollout.ToJsonString(), remembered.ToJsonString());
        var step = remembered.Step("backend");
        Assert.Equal(exitCode, step["exitCode"]?.GetValue<int>());
        Assert.Equal(lastWords ?? [], (step["logTail"] as System.Text.Json.Nodes.JsonArray ?? []).Select(line => line.Text()).Take(lastWords?.Length ?? 1));
        if (!failedAtCreate)
        {
            Assert.True(rollout.Step("csvtomdb")["revertMs"]!.GetValue<long>() > 0);
        }

        await IsLeftAloneAsync(stack, agent, step["to"].Text());
        await TakesTheFixAsync(stack, agent);
    }

    /// <summary>Which containers run under which names with which settings, and where the tags point.</summary>
    private static async Task<string> StateAsync(ComposeStack stack)
    {
        var tags = await Task.WhenAll(ThreeServices.Names.Select(async name => $"{name} {await stack.Engine.ImageIdAsync(stack.Image(name))}"));
        return string.Join('\n', [.. await stack.IdsAsync(), .. (await stack.PsAsync()).Select(container => container.Status), .. tags, await Portrait.OfAsync(stack)]);
    }

    private static async Task IsAsItWasAsync(ComposeStack stack, string before)
    {
        Assert.Equal(before, await StateAsync(stack));
        await ThreeServices.AnswerAsync(stack, "1");
        Assert.Empty(await stack.UpDryAsync());
    }

    private static async Task IsLeftAloneAsync(ComposeStack stack, AgentHome agent, string digest)
    {
        Assert.Equal(digest, Assert.Single(await agent.QuarantineAsync()));
        var calls = agent.Proxy.Calls.Length;
        await using var events = await stack.RecordAsync();
        var again = (await agent.CycleAsync()).Exits(0);
        Assert.Equal(["backend quarantined", "csvtomdb quarantined", "frontend quarantined"], again.Skips());
        Assert.Empty(again.Rollouts);
        Assert.DoesNotContain(await events.AllAsync(), happened => happened.IsTouch);
        Assert.DoesNotContain(agent.Proxy.Calls[calls..], call => call.IsTouch);
    }

    private static async Task TakesTheFixAsync(ComposeStack stack, AgentHome agent)
    {
        await stack.PushAsync("backend", TestImage.Good("backend", "3").With("www/sick", "ok\n"));
        var result = (await agent.CycleAsync()).Exits(0);
        Assert.Equal("committed", result.Rollout().Outcome());
        await stack.AnswersAsync("csvtomdb", "csvtomdb 2");
        await stack.AnswersAsync("backend", "backend 3");
        await stack.AnswersAsync("frontend", "frontend 2");
        Assert.Empty(await stack.UpDryAsync());
        Assert.Equal(["committed", "reverted"], (await agent.HistoryAsync()).Select(entry => entry.Outcome()).Where(outcome => outcome != "refused"));
    }
}
