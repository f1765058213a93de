namespace Omis.Agent.Engine.Tests.Kit;

public sealed class PingerTests
{
    [Theory, EachLeg]
    public async Task An_outage_is_measured_and_the_versions_are_told(string leg)
    {
        await using var stack = new ComposeStack(Lab.Current.Engine(leg));
        await stack.PushAsync("web", TestImage.Good("web", "1"));
        stack.WriteServices("web");
        await stack.UpAsync();

        await using var ping = await stack.PingAsync("web");
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        var from = ping.Now;
        await stack.RunAsync("pull", "--quiet");
        await stack.UpAsync();
        await ping.AnswersAsync("web 2");
        await ping.StopAsync();

        Assert.Equal(["web 1", "web 2"], ping.Versions.Select(answer => answer.Text));
        Assert.InRange(ping.LongestGap, TimeSpan.FromMilliseconds(50), ping.Now - from);
        Assert.True(ping.Faults > 0);
    }

    [Fact]
    public async Task Who_always_answers_has_no_long_gaps()
    {
        await using var proxy = await RegistryProxy.StartAsync();
        await using var ping = await Pinger.StartAsync(new Uri($"http://{proxy.Address}/v2/"));
        await Eventually.BeAsync("many answers", () => ping.Count > 100);

        // Other tests share the processor: this is far above 5 ms and far below any real outage.
        Assert.InRange(ping.LongestGap, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }
}
