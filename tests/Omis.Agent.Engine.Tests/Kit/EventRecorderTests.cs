namespace Omis.Agent.Engine.Tests.Kit;

public sealed class EventRecorderTests
{
    [Theory, EachLeg]
    public async Task What_is_done_to_one_container_is_told_apart_from_the_others(string leg)
    {
        await using var stack = new ComposeStack(Lab.Current.Engine(leg));
        await stack.PushAsync("web", TestImage.Good("web", "1"));
        await stack.PushAsync("api", TestImage.Good("api", "1"));
        stack.WriteServices("web", "api");
        await stack.UpAsync();
        var (web, api) = (await stack.ContainerAsync("web"), await stack.ContainerAsync("api"));

        await using var events = await stack.RecordAsync();
        await stack.Engine.StopAsync(web.Id);
        await stack.Engine.StartAsync(web.Id);

        // Engines differ in whether a container has stopped first or died first.
        Assert.Equal(["die", "kill", "start", "stop"], (await events.TouchesAsync(web.Id)).Select(happened => happened.Action).Order());
        Assert.Empty(await events.TouchesAsync(api.Id));
    }
}
