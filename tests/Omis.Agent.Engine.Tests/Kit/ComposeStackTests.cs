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
