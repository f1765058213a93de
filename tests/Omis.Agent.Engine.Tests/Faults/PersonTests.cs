namespace Omis.Agent.Engine.Tests.Faults;

/// <summary>A person works on the stack in the middle of a rollout.</summary>
public sealed class PersonTests
{
    private const string Slowly = """{ "defaults": { "healthy": { "stableFor": "3s" } } }""";

    [Fact]
    public async Task Who_removes_the_old_container_before_the_swap_finds_nothing_of_ours()
    {
        await using var update = await StartAsync();
        update.Engine.Before("POST", "/containers/create", call => DoAsync(() => update.Stack.Engine.RemoveAsync(update.OldOf("web").Id)), times: 1, skip: 1);
        await EndsByOthersAsync(update);
    }

    [Fact]
    public async Task Who_removes_the_parked_container_before_the_new_one_starts_gets_the_new_one()
    {
        await using var update = await StartAsync();
        update.Engine.Before("POST", "/containers/*/start", _ => DoAsync(() => update.Stack.Engine.RemoveAsync(update.OldOf("web").Id)), times: 1, skip: 1);
        (await update.CycleAsync()).Exits(0).Ended("committed");
        await update.RunsEverywhereAsync("2");
    }

    [Fact]
    public async Task Who_removes_the_new_container_gets_the_old_one_back_and_its_image_is_not_blamed()
    {
        await using var update = await StartAsync();
        OnceProbing(update, async id => await update.Stack.Engine.RemoveAsync(id));
        var cycle = (await update.CycleAsync()).Exits(4).Ended("reverted changedByOthers");
        await update.NothingLostAsync(cycle);
        await update.TakesTheUpdateAsync();
    }

    [Fact]
    public async Task Who_stops_the_new_container_gets_the_old_one_back_and_its_image_is_not_blamed()
    {
        await using var update = await StartAsync();
        OnceProbing(update, async id => await update.Stack.Engine.StopAsync(id));
        var cycle = (await update.CycleAsync()).Exits(4).Ended("reverted changedByOthers");
        await update.NothingLostAsync(cycle);
        await update.TakesTheUpdateAsync();
    }

    [Theory]
    [InlineData("/containers/*/update")]
    [InlineData("/containers/*/start")]
    public async Task Compose_up_in_the_middle_ends_in_one_healthy_container_per_service(string call)
    {
        await using var update = await StartAsync();
        update.Engine.Before("POST", call, _ => DoAsync(() => update.Stack.UpAsync("--pull", "never")), times: 1, skip: 1);
        await EndsByOthersAsync(update);
    }

    [Fact]
    public async Task Compose_up_while_the_new_container_is_probed_ends_in_one_healthy_container_per_service()
    {
        await using var update = await StartAsync();
        OnceProbing(update, _ => update.Stack.UpAsync("--pull", "never"));
        await EndsByOthersAsync(update);
    }

    [Fact]
    public async Task Compose_down_in_the_middle_stays_down()
    {
        await using var update = await StartAsync();
        OnceProbing(update, _ => update.Stack.RunAsync("down", "--timeout", "0"));
        var cycle = (await update.CycleAsync()).Exits(4).Ended("reverted changedByOthers");
        Assert.True((await update.Stack.PsAsync()).Count == 0, $"{string.Join(", ", await update.Stack.PsAsync())}: {cycle}");
        await update.NothingIsQuarantinedAsync();

        await update.Stack.UpAsync();
        (await update.CycleAsync()).Exits(0);
        await update.RunsEverywhereAsync("2");
    }

    private static Task<PendingUpdate> StartAsync() =>
        PendingUpdate.StartAsync(Lab.Current.Engines[0], new Wanted { Services = ["api", "web"], Config = Slowly });

    /// <summary>Acts on the new container of the second service as soon as the agent has heard that it was started, and holds up nothing.</summary>
    private static void OnceProbing(PendingUpdate update, Func<string, Task> act)
    {
        update.Engine.After("POST", "/containers/*/start", started =>
        {
            _ = act(started.Path.Split('/')[2]);
            return Task.FromResult(Verdict.Pass);
        }, times: 1, skip: 1);
    }

    private static async Task<Verdict> DoAsync(Func<Task> act)
    {
        await act();
        return Verdict.Pass;
    }

    /// <summary>Committed, or taken back since others changed something; all is well either way, and the next cycle finds nothing odd.</summary>
    private static async Task EndsByOthersAsync(PendingUpdate update)
    {
        var cycle = await update.CycleAsync();
        Assert.Contains(Assert.Single(cycle.Outcomes()), (string[])["committed", "reverted changedByOthers"]);
        await HealedAsync(update);
        await update.NothingIsQuarantinedAsync();
        await update.MendsAsync();
    }

    private static async Task HealedAsync(PendingUpdate update)
    {
        var there = await update.Stack.PsAsync();
        Assert.Equal(["api", "web"], there.Select(container => container.Service));
        Assert.All(there, container => Assert.True(container.IsRunning && container.Name == $"{update.Stack.Prefix}-{container.Service}-1", $"{container}"));
    }
}
