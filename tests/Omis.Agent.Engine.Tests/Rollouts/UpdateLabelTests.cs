namespace Omis.Agent.Engine.Tests.Rollouts;

public sealed class UpdateLabelTests
{
    [Fact]
    public async Task Labels_of_ours_and_of_watchtower_say_whether_a_service_is_updated()
    {
        await using var stack = await Stacks.UpAsync(OneLeg.Mine(), service => service switch
        {
            "notify" => "    labels: { omis.agent.update: notify }",
            "never" => "    labels: { omis.agent.update: never }",
            "watched" => "    labels: { com.centurylinklabs.watchtower.monitor-only: \"true\" }",
            "off" => "    labels: { com.centurylinklabs.watchtower.enable: \"false\" }",
            "both" => "    labels: { com.centurylinklabs.watchtower.enable: \"false\", omis.agent.update: auto }",
            _ => "",
        }, "notify", "never", "watched", "off", "both");
        await using var agent = stack.Agent(Rules.Quick);
        foreach (var service in new[] { "notify", "never", "watched", "off", "both" })
        {
            await stack.PushAsync(service, TestImage.Good(service, "2"));
        }

        var result = (await agent.CycleAsync()).Exits(0);
        Assert.Equal(["recreate both"], result.Waves());
        Assert.Equal(["never updateNever", "notify updateNotify", "off updateNever", "watched updateNotify"], result.Skips());
        Assert.Equal(["both updateAvailable", "never unmanaged", "notify updateAvailable", "off unmanaged", "watched updateAvailable"], result.Seen());
        await stack.AnswersAsync("both", "both 2");
        await stack.AnswersAsync("notify", "notify 1");
    }

    [Fact]
    public async Task With_watchtowers_no_pull_only_the_local_tag_counts()
    {
        await using var stack = await Stacks.UpAsync(OneLeg.Mine(), _ => "    labels: { com.centurylinklabs.watchtower.no-pull: \"true\" }", "web");
        await using var agent = stack.Agent(Rules.Quick);
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        Assert.Equal(["web upToDate"], (await agent.CycleAsync()).Exits(0).Skips());
        await stack.Engine.PullAsync(stack.Image("web"));
        Assert.Equal("committed", (await agent.CycleAsync()).Exits(0).Rollout().Outcome());
        await stack.AnswersAsync("web", "web 2");
    }
}

public sealed class TransactionTests
{
    [Fact]
    public async Task With_a_transaction_for_each_service_the_good_one_stays_when_the_bad_one_goes_back()
    {
        await using var stack = await Stacks.UpAsync(["api", "web"]);
        await using var agent = stack.Agent("""{ "defaults": { "healthy": { "stableFor": "1s", "deadline": "15s" }, "transaction": "service" } }""");
        await stack.PushAsync("api", TestImage.ExitsAtOnce("api", "2"));
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        var result = (await agent.CycleAsync()).Exits(4);
        Assert.Equal(["api reverted", "web committed"], result.Rollouts.SelectMany(rollout => rollout.Outcomes()));
        await stack.AnswersAsync("api", "api 1");
        await stack.AnswersAsync("web", "web 2");
        Assert.Empty(await stack.UpDryAsync());
    }
}
