using Omis.Agent.Core.Naming;

namespace Omis.Agent.Tests.Commands;

public sealed class StatusVerbTests : IDisposable
{
    private readonly Cli cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Without_a_service_and_without_any_state_it_is_stopped()
    {
        var said = await cli.RunAsync("status", "--json");

        Assert.Equal("""{"service":"stopped","nextCheckAt":null,"pauses":[],"projects":[]}""" + "\n", said.Out);
        Assert.Equal(0, said.Code);
    }

    [Fact]
    public async Task A_project_with_nothing_to_do_is_idle()
    {
        cli.Source.Runs("backend", Cli.Old);
        cli.Registry.Has("backend", Cli.Old);
        await cli.RunAsync("run", "--once");

        var project = (await cli.RunAsync("status", "--json")).Json.GetProperty("projects")[0];

        Assert.Equal("""{"project":"shop","state":"idle","blocked":[],"parked":[]}""", project.GetRawText());
    }

    [Fact]
    public async Task A_quarantined_update_blocks_and_says_why()
    {
        cli.WithUpdate().WithSick();
        await cli.RunAsync("run", "--once");
        await cli.RunAsync("run", "--once");

        var project = (await cli.RunAsync("status", "--json")).Json.GetProperty("projects")[0];

        Assert.Equal("blocked", project.GetProperty("state").GetString());
        Assert.Equal(["service", "reason", "detail"], project.GetProperty("blocked")[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal("quarantined", project.GetProperty("blocked")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_pause_shows_for_as_long_as_it_holds()
    {
        await cli.WithUpdate().RunAsync("pause", "shop", "--for", "2h", "--reason", "release");
        await cli.RunAsync("run", "--once");
        Assert.Equal("paused", State(await cli.RunAsync("status", "--json")));

        cli.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal("blocked", State(await cli.RunAsync("status", "--json")));
    }

    [Fact]
    public async Task A_stuck_rollout_shows_what_is_parked_and_what_to_say()
    {
        await StickAsync();

        var project = (await cli.RunAsync("status", "--json")).Json.GetProperty("projects")[0];

        Assert.Equal("stuck", project.GetProperty("state").GetString());
        Assert.Contains("port is taken", project.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var parked = project.GetProperty("parked")[0];
        Assert.Equal("shop-backend-1.omis-parked", parked.GetProperty("name").GetString());
        Assert.Equal("old-backend", parked.GetProperty("containerId").GetString());
        Assert.Equal(project.GetProperty("rollout").GetString(), parked.GetProperty("rollout").GetString());
    }

    [Fact]
    public async Task A_person_sees_it_at_a_glance()
    {
        await StickAsync();
        await cli.RunAsync("pause", "post", "--reason", "release");

        Assert.Equal(
            """
            service      stopped
            next check   -
            last cycle   2026-05-01 12:00:00
            paused       post is paused until resumed by ann: release

            PROJECT   STATE    WHY
            post      paused   -
            shop      stuck    rollout ID is stuck: shop-backend-1: port is taken
                               parked: shop-backend-1.omis-parked (backend, old-backend)

            """, (await cli.RunAsync("status")).Steady);
    }

    private static string? State(Cli.Said said) => said.Json.GetProperty("projects").EnumerateArray().Single().GetProperty("state").GetString();

    private async Task StickAsync()
    {
        cli.WithUpdate().WithSick().Config(""", "projects": { "shop": { "revertBudget": "1s" } }""");
        cli.Target.RestoreFault = new EnvironmentException(ReasonCode.StartFailed, "shop-backend-1: port is taken");
        var run = cli.RunAsync("run", "--once");
        while (!run.IsCompleted)
        {
            cli.Time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }

        Assert.Equal(5, (await run).Code);
    }
}
