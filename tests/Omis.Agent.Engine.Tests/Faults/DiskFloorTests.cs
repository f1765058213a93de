namespace Omis.Agent.Engine.Tests.Faults;

public sealed class DiskFloorTests
{
    [Theory, EachLeg]
    public async Task On_a_disk_that_is_too_full_older_images_go_and_nothing_is_pulled_but_a_rollback_still_works(string leg)
    {
        const string keepsThree = """{ "defaults": { "keepPrevious": 3 } }""";
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engine(leg), new Wanted { Config = keepsThree });
        await update.TakesTheUpdateAsync();
        await update.ReleaseAsync("3");
        await update.TakesTheUpdateAsync("3");
        await update.ReleaseAsync("4");
        var second = await update.Stack.Engine.ImageIdAsync(Kept(update));
        Assert.NotNull(await update.Stack.Engine.ImageIdAsync(Kept(update, "-2")));

        update.Home.Configure(PendingUpdate.ShortRules, keepsThree, """{ "engine": { "keepFree": "900TB" } }""");
        var cycle = (await update.CycleAsync()).Exits(3).Ended("failed disk");
        Assert.Contains("engine.keepFree asks for 900000000 MB", cycle.Output, StringComparison.Ordinal);
        await update.IsUntouchedAsync();
        Assert.Equal(second, await update.Stack.Engine.ImageIdAsync(Kept(update)));
        Assert.Null(await update.Stack.Engine.ImageIdAsync(Kept(update, "-2")));

        (await update.Home.RunAsync("rollback", update.Stack.Prefix)).Exits(0);
        await update.RunsEverywhereAsync("2");
        (await update.Home.RunAsync("unpin", update.Stack.Prefix)).Exits(0);
        update.Home.Configure(PendingUpdate.ShortRules, keepsThree);
        await update.TakesTheUpdateAsync("4");
    }

    private static string Kept(PendingUpdate update, string place = "") => update.Stack.Image("web", "omis-previous-web" + place);
}
