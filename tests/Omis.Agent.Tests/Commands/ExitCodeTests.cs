using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Journal;

namespace Omis.Agent.Tests.Commands;

public sealed class ExitCodeTests : IDisposable
{
    private readonly Cli cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Nothing_to_do_is_0()
    {
        cli.Source.Runs("backend", Cli.Old);
        cli.Registry.Has("backend", Cli.Old);

        Assert.Equal(0, (await cli.RunAsync("run", "--once")).Code);
        Assert.Empty(cli.Target.Transcript);
    }

    [Fact]
    public async Task A_fault_of_our_own_is_1_and_one_readable_line()
    {
        cli.Source.Fault = new InvalidOperationException("the moon is in the way");

        var said = await cli.RunAsync("check", "--json");

        Assert.Equal(1, said.Code);
        Assert.Equal("fault", said.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("omis-agent: unexpected InvalidOperationException: the moon is in the way\n(--verbose shows where)\n", said.Error);
    }

    [Fact]
    public async Task Its_stack_is_shown_to_who_asks_for_it()
    {
        cli.Source.Fault = new InvalidOperationException("the moon is in the way");

        Assert.Contains("at Omis.Agent", (await cli.RunAsync("check", "--verbose")).Error, StringComparison.Ordinal);
        cli.Environment["OMIS_LOG"] = "debug";
        Assert.Contains("at Omis.Agent", (await cli.RunAsync("check")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_that_is_not_there_is_2_and_names_those_that_are()
    {
        var said = await cli.WithUpdate().RunAsync("update", "shpo", "--json");

        Assert.Equal(2, said.Code);
        Assert.Equal("usage", said.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains("there are: shop", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_that_fails_is_3_and_touches_nothing()
    {
        cli.WithUpdate().Target.FetchFails = new FetchOutcome.Failed(new WorkloadId("shop", "backend"), ReasonCode.Disk, "no space left on device");

        var said = await cli.RunAsync("run", "--once", "--json");

        Assert.Equal(3, said.Code);
        Assert.Equal("failed", said.Json.GetProperty("rollouts")[0].GetProperty("outcome").GetString());
        Assert.Equal(["fetch backend"], cli.Target.Transcript);
    }

    [Fact]
    public async Task A_reverted_rollout_is_4() => Assert.Equal(4, (await cli.WithUpdate().WithSick().RunAsync("update")).Code);

    [Fact]
    public async Task A_stuck_one_is_5()
    {
        cli.WithUpdate().WithSick().Config(""", "projects": { "shop": { "revertBudget": "1s" } }""");
        cli.Target.RestoreFault = new EnvironmentException(ReasonCode.StartFailed, "port is taken");
        var run = cli.RunAsync("run", "--once", "--json");
        while (!run.IsCompleted)
        {
            cli.Time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }

        Assert.Equal(5, (await run).Code);
        Assert.Equal("stuck", (await run).Json.GetProperty("rollouts")[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task A_paused_update_is_6()
    {
        await cli.WithUpdate().RunAsync("pause");

        var said = await cli.RunAsync("update", "--json");

        Assert.Equal(6, said.Code);
        Assert.Equal("paused", said.Json.GetProperty("plan").GetProperty("skipped")[0].GetProperty("reason").GetString());
        Assert.Empty(cli.Target.Transcript);
    }

    [Fact]
    public async Task A_rollout_by_another_process_is_7_and_lookers_do_not_mind()
    {
        using var other = new EngineLock(cli.StateDirectory).TryTake();

        Assert.Equal(7, (await cli.WithUpdate().RunAsync("run", "--once")).Code);
        Assert.Equal("busy", (await cli.RunAsync("update", "--json")).Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(0, (await cli.RunAsync("check")).Code);
        Assert.Equal(0, (await cli.RunAsync("status")).Code);
    }

    [Fact]
    public async Task Being_told_to_stop_in_the_middle_goes_back_and_is_0()
    {
        cli.WithUpdate().Target.OnSwap = _ => cli.Stopping.Stop();

        var said = await cli.RunAsync("run", "--once", "--json");

        Assert.Equal(0, said.Code);
        var rollout = said.Json.GetProperty("rollouts")[0];
        Assert.Equal("reverted", rollout.GetProperty("outcome").GetString());
        Assert.Equal("cancelled", rollout.GetProperty("reason").GetProperty("code").GetString());
        Assert.Contains("restore backend.1", cli.Target.Transcript);
    }

    [Fact]
    public async Task Being_told_to_stop_before_anything_began_is_0_and_says_so()
    {
        cli.WithUpdate().Source.OnObserve = cli.Stopping.Stop;

        var said = await cli.RunAsync("run", "--once", "--json");

        Assert.Equal(0, said.Code);
        Assert.Equal("cancelled", said.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(ExitCodes.Done, said.Code);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("plan")]
    [InlineData("history")]
    [InlineData("status")]
    [InlineData("quarantine", "list")]
    [InlineData("validate")]
    public async Task Looking_creates_no_state(params string[] verb)
    {
        Assert.Equal(0, (await cli.WithUpdate().RunAsync(verb)).Code);
        Assert.False(Directory.Exists(cli.StateDirectory));
    }
}
