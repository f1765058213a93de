using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Fidelity;

/// <summary>`docker run --rm`: the engine takes the container away when it stops, so that there would be nothing to go back to.</summary>
public sealed class AutoRemoveTests
{
    [Theory, EachLeg(All = true)]
    public async Task A_container_that_would_vanish_when_parked_is_refused_and_goes_on_running(string leg)
    {
        var engine = Lab.Current.Engine(leg);
        await using var stack = new ComposeStack(engine);
        var image = await stack.PushAsync("once", TestImage.Good("once", "1"));
        await engine.PullAsync(image.Reference);
        var id = await engine.CreateAsync(stack.Prefix + "-once", new JsonObject { ["Image"] = image.Reference, ["HostConfig"] = new JsonObject { ["AutoRemove"] = true } });
        await engine.StartAsync(id);
        await using var agent = stack.Agent(Rollouts.Rules.Quick);
        await stack.PushAsync("once", TestImage.Good("once", "2"));

        var cycle = (await agent.CycleAsync()).Exits(6);

        var skip = Assert.Single(cycle.Json["plan"]!["skipped"]!.AsArray())!;
        Assert.Equal("lossy", skip["reason"]!.GetValue<string>());
        Assert.Contains("auto-remove", skip["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True((await engine.InspectAsync(id)).IsRunning);
    }
}
