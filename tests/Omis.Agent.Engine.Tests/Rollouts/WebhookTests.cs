using System.Diagnostics;

namespace Omis.Agent.Engine.Tests.Rollouts;

/// <summary>A registry tells the running service of a push, long before it would have looked by itself.</summary>
public sealed class WebhookTests
{
    [Fact]
    public async Task A_push_rolls_out_that_service_only_within_seconds()
    {
        await using var stack = await Stacks.UpAsync(["api", "web"]);
        using var registrar = new Registrar();
        await using var home = Home(stack, registrar);
        var agent = await StartAsync(home, registrar);
        await stack.PushAsync("api", TestImage.Good("api", "2"));
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        var asked = (await Lab.Current.Registry.Log.UnderAsync(stack.Prefix)).Length;

        var clock = Stopwatch.StartNew();
        Assert.Equal(202, await registrar.PushedAsync(stack, "web"));
        await stack.AnswersAsync("web", "web 2");
        await agent.SaysAsync(": Committed");

        Assert.InRange(clock.Elapsed.TotalSeconds, 1, 30);
        await stack.AnswersAsync("api", "api 1");
        Assert.All((await Lab.Current.Registry.Log.UnderAsync(stack.Prefix))[asked..], request => Assert.Equal(stack.Repository("web"), request.Repository));
        var entry = Assert.Single(await home.HistoryAsync());
        Assert.Equal(("webhook", "committed"), (entry["trigger"].Text(), entry.Outcome()));
        Assert.DoesNotContain(registrar.Token, agent.Errors, StringComparison.Ordinal);
        await EndAsync(agent);
    }

    [Fact]
    public async Task Pings_strangers_and_replays_touch_nothing()
    {
        await using var stack = await Stacks.UpAsync(["api", "web"]);
        using var registrar = new Registrar();
        await using var home = Home(stack, registrar);
        var agent = await StartAsync(home, registrar);
        await stack.PushAsync("api", TestImage.Good("api", "2"));

        Assert.Equal(202, await registrar.PingAsync());
        Assert.Equal(202, await registrar.PushedAsync(stack, "nobody"));
        Assert.Equal(202, await registrar.PushedAsync(stack, "web"));
        Assert.Equal(401, await registrar.PushedAsync(stack, "api", token: "wrong"));
        await agent.SaysAsync("Told of");

        Assert.DoesNotContain(home.Proxy.Calls, call => call.IsTouch);
        Assert.Empty(await home.HistoryAsync());
        await stack.AnswersAsync("api", "api 1");
        await EndAsync(agent);
    }

    [Fact]
    public async Task A_push_while_a_rollout_runs_is_rolled_out_after_it()
    {
        await using var stack = await Stacks.UpAsync(["api", "web"]);
        using var registrar = new Registrar();
        await using var home = Home(stack, registrar);
        var release = new TaskCompletionSource();
        var held = home.Proxy.Before("POST", "/containers/*/stop", async _ =>
        {
            await release.Task;
            return Verdict.Pass;
        }, times: 1);
        var agent = await StartAsync(home, registrar);
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        await registrar.PushedAsync(stack, "web");
        await held.HitAsync();

        await stack.PushAsync("api", TestImage.Good("api", "2"));
        Assert.Equal(202, await registrar.PushedAsync(stack, "api"));
        release.SetResult();

        await stack.AnswersAsync("web", "web 2");
        await stack.AnswersAsync("api", "api 2");
        await Eventually.BeAsync("both rollouts are committed", async () => (await home.HistoryAsync()).Count == 2);
        Assert.All(await home.HistoryAsync(), entry => Assert.Equal(("webhook", "committed"), (entry["trigger"].Text(), entry.Outcome())));
        await EndAsync(agent);
    }

    private static AgentHome Home(ComposeStack stack, Registrar registrar)
    {
        var home = stack.Agent();
        home.Configure(Rules.Quick, registrar.Config);
        return home;
    }

    private static async Task<AgentProcess> StartAsync(AgentHome home, Registrar registrar)
    {
        var agent = home.Start("run");
        await registrar.ReadyAsync();
        return agent;
    }

    private static async Task EndAsync(AgentProcess agent)
    {
        agent.Terminate();
        (await agent.EndAsync()).Exits(0);
    }
}
