using Omis.Agent.Core.Naming;
using Omis.Agent.Hosting;
using Omis.Agent.Journal;
using Omis.Agent.Tests.Commands;

namespace Omis.Agent.Tests.Hosting;

/// <summary>The service as <c>run</c> starts it, over an engine in memory and a clock that is turned by hand.</summary>
public sealed class AgentWorkerTests : IDisposable
{
    private readonly Cli cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task It_checks_at_once_and_then_by_schedule()
    {
        cli.Source.Runs("backend", Cli.Old);
        cli.Registry.Has("backend", Cli.Old);
        var run = cli.RunAsync("run");
        await LooksAsync(1);

        await StatusAsync("idle");
        cli.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(1, cli.Source.Looks);
        await TurnAsync(() => cli.Source.Looks == 2, TimeSpan.FromSeconds(10));

        await EndAsync(run);
    }

    [Fact]
    public async Task It_rolls_out_what_is_new_and_says_each_thing_once()
    {
        cli.WithUpdate();
        var run = cli.RunAsync("run");
        await LooksAsync(3);

        var error = (await EndAsync(run)).Error;

        Assert.Equal(1, Count(error, "shop: Committed (rollout"));
        Assert.Equal(1, Count(error, "Checked: 1 service seen, 0 up to date, 1 with an update, 0 unknown"));
        Assert.Equal(1, Count(error, "Checked: 1 service seen, 1 up to date, 0 with an update, 0 unknown"));
    }

    [Fact]
    public async Task A_refusal_is_told_once_and_again_when_its_reason_changes()
    {
        cli.WithUpdate().WithSick();
        var run = cli.RunAsync("run");
        await LooksAsync(4);

        var error = (await EndAsync(run)).Error;

        Assert.Equal(1, Count(error, "shop: Reverted (rollout"));
        Assert.Equal(1, Count(error, "shop/backend is not updated: quarantined"));
    }

    [Fact]
    public async Task An_engine_that_is_away_at_start_is_asked_again_soon()
    {
        cli.Source.Fault = new EnvironmentException(ReasonCode.EngineUnavailable, "no engine");
        var run = cli.RunAsync("run");
        await LooksAsync(1);
        await StatusAsync("idle");
        Assert.True((await cli.RunAsync("status", "--json")).Json.GetProperty("nextCheckAt").GetDateTimeOffset() <= cli.Time.GetUtcNow().AddSeconds(15));
        cli.Source.Fault = null;
        await LooksAsync(2);
        await StatusAsync("idle");

        var error = (await EndAsync(run)).Error;

        Assert.Equal(1, Count(error, "The check failed and nothing was touched: engineUnavailable: no engine"));
        Assert.Equal(1, Count(error, "Checks work again"));
    }

    [Fact]
    public async Task An_unexpected_fault_ends_a_cycle_and_not_the_service()
    {
        cli.Source.Fault = new InvalidOperationException("the moon is in the way");
        var run = cli.RunAsync("run");
        await LooksAsync(2);

        var said = await EndAsync(run);

        Assert.Contains("(InvalidOperationException: the moon is in the way)", said.Error, StringComparison.Ordinal);
        Assert.Equal(0, said.Code);
    }

    [Fact]
    public async Task While_another_process_rolls_out_it_leaves_its_check_out()
    {
        var other = new EngineLock(cli.StateDirectory).TryTake()!;
        var run = cli.RunAsync("run");
        await StatusAsync("idle");
        Assert.Equal(0, cli.Source.Looks);

        other.Dispose();
        await LooksAsync(1);

        Assert.Contains("Another process is rolling out on this engine", (await EndAsync(run)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_knows_its_process_and_its_next_check_and_that_it_has_ended()
    {
        var run = cli.RunAsync("run");
        await LooksAsync(1);
        await StatusAsync("idle");

        var status = (await cli.RunAsync("status", "--json")).Json;
        Assert.Equal(Environment.ProcessId, status.GetProperty("pid").GetInt32());
        Assert.InRange(status.GetProperty("nextCheckAt").GetDateTimeOffset(), cli.Time.GetUtcNow(), cli.Time.GetUtcNow().AddMinutes(6));

        await cli.RunAsync("pause");
        await StatusAsync("paused");
        await EndAsync(run);
        cli.Stopping = new Stopping();
        await StatusAsync("stopped");
    }

    [Fact]
    public async Task A_hang_up_reads_the_config_again_and_checks_at_once()
    {
        var run = cli.RunAsync("run");
        await LooksAsync(1);
        await StatusAsync("idle");
        cli.Config(""", "check": { "every": "1h" }""");

        cli.Stopping.OnHangUp!();
        await TurnAsync(() => cli.Source.Looks == 2, TimeSpan.Zero);
        await StatusAsync("idle");

        var next = (await cli.RunAsync("status", "--json")).Json.GetProperty("nextCheckAt").GetDateTimeOffset();
        Assert.True(next > cli.Time.GetUtcNow().AddMinutes(50));
        await EndAsync(run);
    }

    [Fact]
    public async Task A_bad_config_is_refused_and_the_last_good_one_stays()
    {
        var run = cli.RunAsync("run");
        await LooksAsync(1);
        cli.ConfigText("""{ "check": { "every": "never" } }""");

        cli.Stopping.OnHangUp!();
        cli.Config();
        await LooksAsync(2);

        Assert.Contains("refused; the one before stays in force: check.every: ", (await EndAsync(run)).Error, StringComparison.Ordinal);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private Task LooksAsync(int looks) => TurnAsync(() => cli.Source.Looks >= looks, TimeSpan.FromMinutes(1));

    private Task StatusAsync(string service) => TurnAsync(() => cli.RunAsync("status", "--json").GetAwaiter().GetResult().Out.Contains($"\"service\":\"{service}\"", StringComparison.Ordinal), TimeSpan.Zero);

    private async Task<Cli.Said> EndAsync(Task<Cli.Said> run)
    {
        cli.Stopping.Stop();
        return await run.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Turns the clock on, a little at a time, until it has come true; between two turns others get their turn.</summary>
    private async Task TurnAsync(Func<bool> isTrue, TimeSpan step)
    {
        var ends = Environment.TickCount64 + 30_000;
        while (!isTrue())
        {
            Assert.True(Environment.TickCount64 < ends, "it never came true");
            cli.Time.Advance(step);
            await Task.Delay(1);
        }
    }
}
