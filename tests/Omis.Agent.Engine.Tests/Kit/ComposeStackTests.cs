namespace Omis.Agent.Engine.Tests.Kit;

public sealed class ComposeStackTests
{
    [Theory, EachLeg]
    public async Task A_stack_comes_up_and_nothing_of_it_is_left(string leg)
    {
        string prefix;
        await using (var stack = new ComposeStack(Lab.Current.Engine(leg)))
        {
            prefix = stack.Prefix;
            await stack.PushAsync("web", TestImage.Good("web", "1"));
            await stack.PushAsync("job", TestImage.OneShot("job", "1") with { Volumes = ["/cache"] });
            stack.Write($"""
                services:
                  web:
                    image: {stack.Image("web")}
                    ports: ["127.0.0.1:{stack.Port("web")}:8080"]
                    depends_on:
                      job: {"{ condition: service_completed_successfully }"}
                  job:
                    image: {stack.Image("job")}
                    volumes: ["data:/data"]
                volumes:
                  data:
                """);
            await stack.UpAsync();
            await stack.AnswersAsync("web", "web 1");
            Assert.Equal(["job", "web"], (await stack.PsAsync()).Select(container => container.Service));
            Assert.Equal(["container", "image", "network", "volume"], (await Cleanup.LeftAsync(stack.Engine, prefix)).Select(left => left.Split(' ')[0]).Distinct().Order());
        }

        Assert.Empty(await Cleanup.LeftAsync(Lab.Current.Engine(leg), prefix));
    }

    [Theory, EachLeg]
    public async Task What_compose_would_change_is_told_and_not_done(string leg)
    {
        foreach (var compose in Lab.Current.Compose)
        {
            await using var stack = new ComposeStack(Lab.Current.Engine(leg), compose);
            await stack.PushAsync("web", TestImage.Good("web", "1"));
            stack.WriteServices("web");
            await stack.UpAsync();
            Assert.Empty(await stack.UpDryAsync());

            var before = await stack.ContainerAsync("web");
            await stack.PushAsync("web", TestImage.Good("web", "2"));
            await stack.Engine.PullAsync(stack.Image("web"));
            Assert.Contains($"Container {stack.Prefix}-web-1 Recreate", await stack.UpDryAsync());
            Assert.Equal(before.Id, (await stack.ContainerAsync("web")).Id);
        }
    }

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

    [Fact]
    public async Task What_compose_could_not_do_is_said_in_its_words()
    {
        await using var stack = new ComposeStack(Lab.Current.Engines[0]);
        stack.WriteServices("web");
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => stack.UpAsync());
        Assert.Contains("not found", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_is_given_once() =>
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => FreePort.Next()).Distinct().Count());
}
