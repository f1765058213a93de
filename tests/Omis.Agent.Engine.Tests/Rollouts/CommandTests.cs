namespace Omis.Agent.Engine.Tests.Rollouts;

public sealed class LookingTests
{
    [Fact]
    public async Task Check_and_plan_tell_what_is_new_and_touch_and_pull_nothing()
    {
        await using var stack = await Stacks.UpAsync(["api", "web"]);
        await using var agent = stack.Agent(Rules.Quick);
        var pushed = await stack.PushAsync("web", TestImage.Good("web", "2"));
        var asked = (await Lab.Current.Registry.Log.UnderAsync(stack.Prefix)).Length;
        await using var events = await stack.RecordAsync();

        var check = (await agent.RunAsync("check", "--json")).Exits(0);
        Assert.Equal(["api upToDate", "web updateAvailable"], check.Seen());
        Assert.False(check.Json.AsObject().ContainsKey("plan"));
        Assert.False(check.Json.AsObject().ContainsKey("rollouts"));

        var plan = (await agent.RunAsync("plan", "--json")).Exits(0);
        Assert.Equal(["recreate web"], plan.Waves());
        Assert.Equal(["api upToDate"], plan.Skips());
        Assert.Equal(pushed.Digest, plan.Json["plan"]!["waves"]![0]![0]!["to"].Text());
        Assert.False(plan.Json.AsObject().ContainsKey("rollouts"));

        Assert.Empty(await events.AllAsync());
        Assert.DoesNotContain(agent.Proxy.Calls, call => call.IsTouch);

        // An index that is new here is read once by each of them, for what may run by the digest of its own platform.
        Assert.All((await Lab.Current.Registry.Log.UnderAsync(stack.Prefix))[asked..], request =>
            Assert.True(request.Method == "HEAD" || (request.Method == "GET" && request.Kind == "manifests" && request.Reference == pushed.Digest), $"{request}"));
        Assert.Null(await stack.Engine.ImageIdAsync(pushed.ByDigest));
        Assert.Empty(await agent.HistoryAsync());
    }

    [Fact]
    public async Task For_a_person_check_and_plan_are_tables()
    {
        await using var stack = await Stacks.UpAsync(["web"]);
        await using var agent = stack.Agent(Rules.Quick);
        var pushed = await stack.PushAsync("web", TestImage.Good("web", "2"));
        foreach (var verb in new[] { "check", "plan" })
        {
            var told = (await agent.RunAsync(verb)).Exits(0).Output;
            Assert.Contains("web", told, StringComparison.Ordinal);
            Assert.Contains(pushed.Digest[7..19], told, StringComparison.Ordinal);
            Assert.DoesNotContain('\u001b', told);
        }
    }
}

public sealed class UpdateVerbTests
{
    [Fact]
    public async Task Only_the_service_that_was_named_is_updated_and_history_says_who_and_why()
    {
        await using var stack = await Stacks.UpAsync(["api", "web"]);
        await using var agent = stack.Agent(Rules.Quick);
        await stack.PushAsync("api", TestImage.Good("api", "2"));
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        var result = (await agent.RunAsync("update", stack.Prefix, "web", "--actor", "ada", "--reason", "release 2", "--json")).Exits(0);
        var rollout = result.Rollout();
        Assert.Equal(["web committed"], rollout.Outcomes());
        Assert.Equal(("manual", "ada"), (rollout["trigger"].Text(), rollout["actor"].Text()));
        await stack.AnswersAsync("web", "web 2");
        await stack.AnswersAsync("api", "api 1");
        Assert.Contains("release 2", Assert.Single(await agent.HistoryAsync()).ToJsonString(), StringComparison.Ordinal);

        (await agent.RunAsync("update", stack.Prefix, "--json")).Exits(0);
        await stack.AnswersAsync("api", "api 2");
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("PROJECT", "nobody")]
    public async Task An_unknown_name_is_bad_usage_and_the_known_ones_are_listed(params string[] names)
    {
        await using var stack = await Stacks.UpAsync(["web"], test: names[0]);
        await using var agent = stack.Agent(Rules.Quick);
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        var result = (await agent.RunAsync(["update", .. names.Select(name => name == "PROJECT" ? stack.Prefix : name), "--json"])).Exits(2);
        Assert.Contains(names.Length == 1 ? stack.Prefix : "web", result.Json["error"]!["detail"].Text(), StringComparison.Ordinal);
        await stack.AnswersAsync("web", "web 1");
    }

    [Fact]
    public async Task While_one_process_rolls_out_another_is_sent_away()
    {
        await using var stack = await Stacks.UpAsync(["web"]);
        await using var agent = stack.Agent(Rules.Quick);
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        var release = new TaskCompletionSource();
        var held = agent.Proxy.Before("POST", "/containers/create", async _ =>
        {
            await release.Task;
            return Verdict.Pass;
        });
        var first = agent.Start("run", "--once", "--json");
        await held.HitAsync();
        foreach (var verb in new[] { new[] { "run", "--once", "--json" }, ["update", "--json"] })
        {
            Assert.Equal("busy", (await agent.RunAsync(verb)).Exits(7).Json["error"]!["code"].Text());
        }

        (await agent.RunAsync("check", "--json")).Exits(0);
        release.SetResult();
        Assert.Equal("committed", (await first.EndAsync()).Exits(0).Rollout().Outcome());
    }
}

public sealed class PauseTests
{
    [Fact]
    public async Task While_paused_nothing_is_touched_and_checks_go_on()
    {
        await using var stack = await Stacks.UpAsync(["web"]);
        await using var agent = stack.Agent(Rules.Quick);
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        (await agent.RunAsync("pause", "--reason", "holidays", "--json")).Exits(0);
        foreach (var _ in new[] { 1, 2 })
        {
            var held = (await agent.CycleAsync()).Exits(6);
            Assert.Equal(["web updateAvailable"], held.Seen());
            Assert.Equal(["web paused"], held.Skips());
            Assert.Contains("holidays", held.SkipDetail("web"), StringComparison.Ordinal);
            Assert.Empty(held.Rollouts);
        }

        // Once for the reason, not once for each cycle.
        Assert.Equal("paused", Assert.Single(await agent.HistoryAsync()).Reason());
        Assert.DoesNotContain(agent.Proxy.Calls, call => call.IsTouch);
        var project = Assert.Single((await agent.RunAsync("status", "--json")).Exits(0).Json["projects"].Items());
        Assert.Equal("paused", project["state"].Text());
        Assert.Equal("paused", Assert.Single(project["blocked"].Items())["reason"].Text());

        (await agent.RunAsync("resume", "--json")).Exits(0);
        Assert.Equal("committed", (await agent.CycleAsync()).Exits(0).Rollout().Outcome());
        await stack.AnswersAsync("web", "web 2");
    }

    [Fact]
    public async Task A_pause_of_another_project_holds_nothing_back_and_one_that_is_over_neither()
    {
        await using var stack = await Stacks.UpAsync(["web"]);
        await using var agent = stack.Agent(Rules.Quick);
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        (await agent.RunAsync("pause", "somebody-elses")).Exits(0);
        (await agent.RunAsync("pause", stack.Prefix, "--for", "1h")).Exits(0);
        (await agent.CycleAsync()).Exits(6);
        (await agent.RunAsync("pause", stack.Prefix, "--for", "1ms")).Exits(0);
        Assert.Equal("committed", (await agent.CycleAsync()).Exits(0).Rollout().Outcome());
    }
}

public sealed class MemoryTests
{
    [Fact]
    public async Task A_quarantined_image_is_tried_again_once_it_is_cleared_and_history_finds_each_time()
    {
        await using var stack = await Stacks.UpAsync(["web"]);
        await using var agent = stack.Agent(Rules.Quick);
        var bad = await stack.PushAsync("web", TestImage.ExitsAtOnce("web", "2", 5));
        (await agent.CycleAsync()).Exits(4);
        (await agent.CycleAsync()).Exits(0);
        var entry = Assert.Single((await agent.RunAsync("quarantine", "list", "--json")).Exits(0).Json["entries"].Items());
        Assert.Equal((bad.Digest, "web", stack.Prefix), (entry["digest"].Text(), entry["service"].Text(), entry["project"].Text()));

        (await agent.RunAsync("quarantine", "clear", "feedface")).Exits(2);
        (await agent.RunAsync("quarantine", "clear", bad.Digest[7..19])).Exits(0);
        Assert.Empty(await agent.QuarantineAsync());
        var again = (await agent.CycleAsync()).Exits(4).Rollout();
        await stack.AnswersAsync("web", "web 1");

        var all = await agent.HistoryAsync();
        Assert.Equal(["reverted", "refused", "reverted"], all.Select(entry => entry.Outcome()));
        Assert.Equal(again["id"].Text(), all[0]["id"].Text());
        Assert.Equal(all[2].ToJsonString(), Assert.Single(await agent.HistoryAsync("--id", all[2]["id"].Text())).ToJsonString());
        Assert.Equal(3, (await agent.HistoryAsync("--since", "1h")).Count);
        Assert.Empty(await agent.HistoryAsync("--since", "2999-01-01T00:00:00Z"));
        Assert.Equal(3, (await agent.HistoryAsync(stack.Prefix)).Count);
        Assert.Empty(await agent.HistoryAsync("somebody-elses"));
        var told = (await agent.RunAsync("history", "--id", all[0]["id"].Text())).Exits(0).Output;
        Assert.Contains("exit code 5", told, StringComparison.Ordinal);
    }
}

public sealed class ConfigVerbTests
{
    [Fact]
    public async Task A_bad_config_is_told_at_once_and_no_cycle_runs()
    {
        await using var home = new AgentHome(new EngineProxy(OneLeg.Mine()), """{ "checks": {}, "defaults": { "soak": "soon" } }""");
        foreach (var verb in new[] { new[] { "validate", "--json" }, ["run", "--once", "--json"], ["update", "--json"] })
        {
            var errors = (await home.RunAsync(verb)).Exits(2).Json["errors"].Items().Select(error => error.ToJsonString()).ToList();
            Assert.Equal(2, errors.Count);
            Assert.Contains(errors, error => error.Contains("checks", StringComparison.Ordinal) && error.Contains("check", StringComparison.Ordinal));
            Assert.Contains(errors, error => error.Contains("defaults.soak", StringComparison.Ordinal));
        }

        Assert.Empty(home.Proxy.Calls);
        home.Configure("{}");
        Assert.True((await home.RunAsync("validate", "--json")).Exits(0).Json["valid"]!.GetValue<bool>());
    }

    [Fact]
    public async Task The_schema_is_one_json_document_that_knows_the_keys()
    {
        await using var home = new AgentHome(new EngineProxy(OneLeg.Mine()));
        var schema = (await home.RunAsync("schema")).Exits(0).Json;
        var known = schema["properties"]!.AsObject();
        Assert.All(["engine", "state", "check", "defaults", "projects", "registries"], key => Assert.NotNull(known[key]));
    }
}
