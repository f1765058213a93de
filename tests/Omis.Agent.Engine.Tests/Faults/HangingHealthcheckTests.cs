namespace Omis.Agent.Engine.Tests.Faults;

public sealed class HangingHealthcheckTests
{
    [Fact]
    public async Task A_healthcheck_that_never_comes_back_reverts_at_the_deadline_and_is_the_images_fault()
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engines[^1], new Wanted
        {
            Services = ["api", "web"],
            Config = """{ "defaults": { "healthy": { "deadline": "4s" } } }""",
            Next = service => service == "web" ? TestImage.HangingHealthcheck(service, "2", TimeSpan.FromSeconds(2)) : TestImage.Good(service, "2"),
        });
        (await update.CycleAsync()).Exits(4).Ended("reverted unhealthy");
        await update.RunsEverywhereAsync("1");
        Assert.Equal(update.Old.Select(container => container.Id), (await update.Stack.PsAsync()).Select(container => container.Id));
        var listed = await update.Home.RunAsync("quarantine", "list", "--json");
        Assert.Equal("web", Assert.Single(listed.Json["entries"]!.AsArray())!["service"]!.GetValue<string>());

        await update.ReleaseAsync("3");
        (await update.CycleAsync()).Exits(0).Ended("committed");
        await update.RunsEverywhereAsync("3");
    }
}
