using Omis.Agent.Core.Observing;

namespace Omis.Agent.Tests.Commands;

/// <summary>With <c>optIn</c> only services are looked after whose own labels ask for it, as with Watchtower's label-enable.</summary>
public sealed class OptInTests : IDisposable
{
    private readonly Cli cli = new Cli().ConfigText("{}");

    public OptInTests() => cli.ConfigText($$"""{ "state": { "directory": "{{cli.StateDirectory}}" }, "defaults": { "optIn": true } }""");

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Without_a_label_a_service_is_left_alone_and_the_plan_says_why()
    {
        var skipped = (await cli.WithUpdate().RunAsync("plan", "--json")).Json.GetProperty("plan").GetProperty("skipped")[0];

        Assert.Equal(("updateNever", "optIn is set, and no label of its own asks for updates"), (skipped.GetProperty("reason").GetString(), skipped.GetProperty("detail").GetString()));
        Assert.Empty(cli.Registry.Asked);
    }

    [Theory]
    [InlineData("com.centurylinklabs.watchtower.enable", "true", true)]
    [InlineData("com.centurylinklabs.watchtower.enable", "false", false)]
    [InlineData("com.centurylinklabs.watchtower.monitor-only", "true", false)]
    [InlineData("omis.agent.update", "auto", true)]
    [InlineData("omis.agent.update", "never", false)]
    public async Task A_label_lets_a_service_in(string label, string value, bool updated)
    {
        cli.WithUpdate().Source.With(workload => workload with { Labels = WorkloadLabels.Parse(new Dictionary<string, string> { [label] = value }) }, "backend");

        var plan = (await cli.RunAsync("plan", "--json")).Json.GetProperty("plan");

        Assert.Equal(updated ? 1 : 0, plan.GetProperty("waves").GetArrayLength());
    }

    [Fact]
    public async Task Enabled_and_only_monitored_is_told_and_not_touched()
    {
        cli.WithUpdate().Source.With(workload => workload with
        {
            Labels = WorkloadLabels.Parse(new Dictionary<string, string> { ["com.centurylinklabs.watchtower.enable"] = "true", ["com.centurylinklabs.watchtower.monitor-only"] = "true" }),
        }, "backend");

        var plan = (await cli.RunAsync("plan", "--json")).Json.GetProperty("plan");

        Assert.Equal("updateNotify", plan.GetProperty("skipped")[0].GetProperty("reason").GetString());
    }
}
