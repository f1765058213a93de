using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Rollouts;

public sealed class HealthyUpdateTests(HealthyUpdate update) : IClassFixture<HealthyUpdate>
{
    [Theory, EachLeg]
    public async Task Every_service_runs_its_new_version(string leg)
    {
        var story = await update.OnAsync(leg);
        story.First.Exits(0);
        await ThreeServices.AnswerAsync(story.Stack, "2");
        var now = await story.Stack.PsAsync();
        Assert.Equal(3, now.Count);
        Assert.Empty(now.Select(container => container.Id).Intersect(story.Old.Select(container => container.Id)));
    }

    [Theory, EachLeg]
    public async Task Names_policies_ports_networks_labels_and_volumes_are_as_before(string leg)
    {
        var story = await update.OnAsync(leg);
        Assert.Contains("shop.tier", story.Before, StringComparison.Ordinal);
        Assert.Equal(story.Before, story.After);
        Assert.Empty(await story.Stack.Engine.NamedAsync(story.Stack.Prefix + ".*omis-"));
    }

    [Theory, EachLeg]
    public async Task The_cycle_is_told_as_the_contract_has_it(string leg)
    {
        var story = await update.OnAsync(leg);
        var cycle = story.First.Exits(0).Json;
        Assert.Equal(26, cycle["cycle"].Text().Length);
        Assert.EndsWith("Z", cycle["startedAt"].Text(), StringComparison.Ordinal);
        Assert.True(cycle["durationMs"]!.GetValue<long>() > 0);
        Assert.Equal(["backend updateAvailable", "csvtomdb updateAvailable", "frontend updateAvailable"], story.First.Seen());
        Assert.Equal(["recreate csvtomdb", "recreate backend", "recreate frontend"], story.First.Waves());
        Assert.Empty(story.First.Skips());
        foreach (var seen in cycle["seen"].Items())
        {
            Assert.Equal((story.Stack.Prefix, 1, story.Pushed[seen["service"].Text()].Digest), (seen["project"].Text(), seen["replicas"]!.GetValue<int>(), seen["latest"].Text()));
            Assert.Equal(story.Stack.Image(seen["service"].Text()), seen["image"].Text());
            Assert.StartsWith("sha256:", seen["running"].Text(), StringComparison.Ordinal);
            Assert.NotEqual(seen["latest"].Text(), seen["running"].Text());
        }
    }

    [Theory, EachLeg]
    public async Task The_rollout_tells_what_was_down_and_for_how_long(string leg)
    {
        var story = await update.OnAsync(leg);
        var rollout = story.First.Exits(0).Rollout();
        Assert.Equal(("committed", "poll", story.Stack.Prefix), (rollout.Outcome(), rollout["trigger"].Text(), rollout["project"].Text()));
        Assert.True(rollout.AsObject().ContainsKey("actor"));
        Assert.Null(rollout["actor"]);
        Assert.Null(rollout["reason"]);
        Assert.Equal(["csvtomdb committed", "backend committed", "frontend committed"], rollout.Outcomes());
        foreach (var step in rollout["steps"].Items())
        {
            Assert.Equal(("recreate", story.Pushed[step["service"].Text()].Digest), (step["action"].Text(), step["to"].Text()));
            Assert.InRange(step["downMs"]!.GetValue<long>(), 1, (rollout["endedAt"]!.GetValue<DateTimeOffset>() - rollout["startedAt"]!.GetValue<DateTimeOffset>()).TotalMilliseconds);
        }
    }

    [Theory, EachLeg]
    public async Task The_previous_images_are_kept_under_tags_of_their_own(string leg)
    {
        var story = await update.OnAsync(leg);
        foreach (var old in story.Old)
        {
            Assert.Equal(old.ImageId, await story.Stack.Engine.ImageIdAsync(story.Stack.Image(old.Service!, "omis-previous-" + old.Service)));
        }
    }

    [Theory, EachLeg]
    public async Task Compose_finds_nothing_to_do(string leg)
    {
        var story = await update.OnAsync(leg);
        Assert.Empty(await story.Stack.UpDryAsync());
    }

    [Theory, EachLeg]
    public async Task A_second_cycle_asks_once_for_each_image_and_does_nothing(string leg)
    {
        var story = await update.OnAsync(leg);
        story.Second.Exits(0);
        Assert.Empty(story.Second.Rollouts);
        Assert.Equal(["backend upToDate", "csvtomdb upToDate", "frontend upToDate"], story.Second.Skips());
        Assert.Equal(ThreeServices.Names.Select(name => "HEAD " + story.Stack.Repository(name)).Order(), story.AskedAgain.Select(request => $"{request.Method} {request.Repository}").Order());
        Assert.Empty(story.TouchedAgain);
    }

    [Theory, EachLeg]
    public async Task History_and_status_remember_it(string leg)
    {
        var story = await update.OnAsync(leg);
        var entries = await story.Agent.HistoryAsync();
        Assert.True(JsonNode.DeepEquals(story.First.Rollout(), Assert.Single(entries)), entries[0].ToJsonString());
        var status = (await story.Agent.RunAsync("status", "--json")).Exits(0).Json;
        Assert.Equal("stopped", status["service"].Text());
        var project = Assert.Single(status["projects"].Items());
        Assert.Equal((story.Stack.Prefix, "idle"), (project["project"].Text(), project["state"].Text()));
        Assert.Empty(project["blocked"].Items());
        Assert.Empty(project["parked"].Items());
    }
}

public sealed class OlderComposeTests
{
    [Fact]
    public async Task An_older_compose_finds_nothing_to_do_either()
    {
        await using var stack = await ThreeServices.UpAsync(OneLeg.Mine(), Lab.Current.OldestCompose);
        var before = await stack.IdsAsync();
        await stack.PushAsync("backend", TestImage.Good("backend", "2"));
        await using var agent = stack.Agent(Rules.Quick);
        (await agent.CycleAsync()).Exits(0);
        await stack.AnswersAsync("backend", "backend 2");
        Assert.Empty(await stack.UpDryAsync());
        Assert.Equal(2, before.Intersect(await stack.IdsAsync()).Count());
    }
}
