namespace Omis.Agent.Engine.Tests.Faults;

/// <summary>SIGKILL around one call of a rollout of two services, and what the next start makes of it.</summary>
internal static class KilledAgent
{
    public static Task BeforeAsync(LabEngine engine, string method, string path, int skip) => DiesAsync(engine, (proxy, then) => proxy.Before(method, path, then, times: 1, skip));

    public static Task AfterAsync(LabEngine engine, string method, string path, int skip) => DiesAsync(engine, (proxy, then) => proxy.After(method, path, then, times: 1, skip));

    private static async Task DiesAsync(LabEngine engine, Func<EngineProxy, Func<EngineCall, Task<Verdict>>, ProxyRule> on)
    {
        await using var update = await PendingUpdate.StartAsync(engine, new Wanted { Services = ["api", "web"] });
        var agent = new TaskCompletionSource<AgentProcess>();
        var rule = on(update.Engine, async _ =>
        {
            await (await agent.Task).KillAsync();
            return Verdict.Drop;
        });
        var dying = update.Begin();
        agent.SetResult(dying);
        (await dying.EndAsync()).Exits(137);
        Assert.Equal(1, rule.Hits);

        // A pause holds back new rollouts only, so that what recovery leaves can be seen.
        (await update.Home.RunAsync("pause")).Exits(0);
        var recovering = await update.CycleAsync();
        Assert.All(recovering.Rollouts, rollout => Assert.Equal("recovery", rollout["trigger"]!.GetValue<string>()));
        var version = await update.IsUniformAsync();
        Assert.True((recovering.ExitCode, version) is (0, "2") or (4 or 3 or 6, "1"), $"version {version} runs: {recovering}");
        await update.NothingIsQuarantinedAsync();
        (await update.Home.RunAsync("resume")).Exits(0);
        (await update.CycleAsync()).Exits(0);
        await update.RunsEverywhereAsync("2");
    }
}
