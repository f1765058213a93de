namespace Omis.Agent.Engine.Tests.Faults;

public sealed class FullDiskTests
{
    [Fact]
    public async Task Without_room_for_the_state_nothing_is_touched()
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engines[^1]);
        await using var disk = await FullDisk.MountAsync(update.Home.StateDirectory);
        disk.Fill();
        var cycle = (await update.CycleAsync()).Exits(3);
        Assert.Equal("disk", cycle.Json["error"]!["code"]!.GetValue<string>());
        await update.IsUntouchedAsync();
        disk.Free();
        await update.TakesTheUpdateAsync();
    }

    [Fact]
    public async Task A_disk_that_is_full_since_the_last_cycle_touches_nothing()
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engines[0]);
        await using var disk = await FullDisk.MountAsync(update.Home.StateDirectory);
        await update.TakesTheUpdateAsync();
        await update.ReleaseAsync("3");
        disk.Fill();
        var cycle = (await update.CycleAsync()).Exits(3);
        Assert.Contains("\"disk\"", cycle.Output, StringComparison.Ordinal);
        await update.IsUntouchedAsync();
        disk.Free();
        await update.TakesTheUpdateAsync("3");
    }

    [Theory]
    [InlineData("/containers/create")]
    [InlineData("/containers/*/update")]
    [InlineData("/containers/*/stop")]
    [InlineData("/containers/*/start")]
    public async Task A_disk_that_fills_in_mid_rollout_leaves_nothing_down(string call)
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engines[^1], new Wanted { Services = ["api", "web"] });
        await using var disk = await FullDisk.MountAsync(update.Home.StateDirectory);
        var rule = update.Engine.Before("POST", call, _ => FillAsync(disk), times: 1);
        var cycle = await update.CycleAsync();
        Assert.Equal(1, rule.Hits);
        await update.NothingLostAsync(cycle);

        disk.Free();
        await update.MendsAsync();
    }

    private static Task<Verdict> FillAsync(FullDisk disk)
    {
        disk.Fill();
        return Task.FromResult(Verdict.Pass);
    }
}
