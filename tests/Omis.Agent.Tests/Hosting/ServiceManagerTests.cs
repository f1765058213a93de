using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Testing;
using Serilog.Events;

namespace Omis.Agent.Tests.Hosting;

/// <summary>What systemd hears, on a real socket and by a clock that is turned by hand.</summary>
public sealed class ServiceManagerTests : IDisposable
{
    private readonly ListeningManager systemd = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Dictionary<string, string> environment;
    private readonly ServiceManager manager;

    public ServiceManagerTests()
    {
        environment = new() { ["NOTIFY_SOCKET"] = systemd.Address, ["WATCHDOG_USEC"] = "60000000" };
        manager = new ServiceManager(NotifySocket.Of(environment), new SignsOfLife(time), time);
    }

    public void Dispose() => systemd.Dispose();

    [Fact]
    public void The_status_line_says_what_is_done_and_when_the_next_check_is()
    {
        manager.Say(ServiceActivity.Checking, null);
        manager.Report(new RolloutEvent.Moved(Some.Workload("backend"), RolloutPhase.Probing));
        manager.After(new CycleReport { Cycle = "01A", StartedAt = Some.Moment, Error = new Reason(ReasonCode.EngineUnavailable, "no\nengine") });
        manager.Say(ServiceActivity.Idle, time.GetUtcNow().AddMinutes(5));

        Assert.Equal(["STATUS=Checking", "STATUS=shop/backend: probing", "STATUS=Could not look: engineUnavailable: no engine; next check at 12:05:00 UTC"], systemd.Heard());
    }

    [Fact]
    public void The_status_line_says_that_the_config_was_refused()
    {
        var told = new ServiceManager(NotifySocket.Of(environment), new SignsOfLife(time), time) { HasRefusedConfig = () => true };

        told.Say(ServiceActivity.Idle, time.GetUtcNow().AddMinutes(5));

        Assert.Equal(["STATUS=The config is refused, the one before in force; next check at 12:05:00 UTC"], systemd.Heard());
    }

    [Fact]
    public void A_stop_in_the_middle_of_a_rollout_says_so_and_asks_for_its_revert_budget()
    {
        manager.Report(new RolloutEvent.Moved(Some.Workload("backend"), RolloutPhase.Swapping));
        manager.Stop(TimeSpan.FromMinutes(4));

        Assert.Equal(["STATUS=Stopping: the rollout in progress is finished or taken back first", "STOPPING=1 EXTEND_TIMEOUT_USEC=240000000"], systemd.Heard()[1..]);
    }

    [Fact]
    public void A_reload_begins_and_ends_even_where_it_fails()
    {
        Assert.Throws<InvalidOperationException>(() => manager.Reload(() => throw new InvalidOperationException()));

        var heard = systemd.Heard();
        Assert.StartsWith("RELOADING=1 MONOTONIC_USEC=", heard[0], StringComparison.Ordinal);
        Assert.Equal("READY=1", heard[1]);
    }

    [Fact]
    public void The_watchdog_is_fed_while_the_worker_waits_for_its_next_check_and_not_when_that_never_comes()
    {
        manager.Say(ServiceActivity.Idle, time.GetUtcNow().AddMinutes(5));
        using var watchdog = manager.Watch(environment, 7, NullLogger<Watchdog>.Instance);
        systemd.Heard();

        Assert.Equal(45, FedIn(minutes: 15));
        Assert.Equal(0, FedIn(minutes: 5));

        manager.Say(ServiceActivity.Checking, null);
        Assert.Equal(3, FedIn(minutes: 1));
    }

    [Fact]
    public void Within_a_pass_every_sign_of_life_counts()
    {
        manager.Say(ServiceActivity.Checking, null);
        using var watchdog = manager.Watch(environment, 7, NullLogger<Watchdog>.Instance);
        systemd.Heard();

        Assert.Equal(150, FedIn(minutes: 50));
        manager.Report(new RolloutEvent.Moved(Some.Workload("backend"), RolloutPhase.Probing));
        Assert.Equal(180, FedIn(minutes: 70));
    }

    [Fact]
    public void A_watchdog_of_another_process_or_none_is_not_fed()
    {
        Assert.Null(Watchdog.Wanted(new Dictionary<string, string>(environment) { ["WATCHDOG_PID"] = "8" }, 7));
        Assert.Null(Watchdog.Wanted(new Dictionary<string, string>(), 7));
        Assert.Equal(TimeSpan.FromMinutes(1), Watchdog.Wanted(new Dictionary<string, string>(environment) { ["WATCHDOG_PID"] = "7" }, 7));
    }

    [Fact]
    public void Where_nobody_listens_nothing_is_sent_and_nothing_fails()
    {
        NotifySocket.Of(new Dictionary<string, string>()).Send("READY=1");
        new NotifySocket(systemd.Address + ".gone").Send("READY=1");

        Assert.Empty(systemd.Heard());
    }

    [Fact]
    public void The_journal_is_spoken_to_only_by_the_process_that_systemd_started()
    {
        var journal = new Dictionary<string, string> { ["JOURNAL_STREAM"] = "8:12345", ["SYSTEMD_EXEC_PID"] = "7" };

        Assert.True(Journald.Reads(journal, 7));
        Assert.False(Journald.Reads(journal, 8));
        Assert.False(Journald.Reads(new Dictionary<string, string> { ["SYSTEMD_EXEC_PID"] = "7" }, 7));
    }

    /// <summary>Minute by minute: the kernel queues only a few datagrams that nobody has read.</summary>
    private int FedIn(int minutes)
    {
        var fed = 0;
        for (var i = 0; i < minutes; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            fed += systemd.Heard().Count(line => line == "WATCHDOG=1");
        }

        return fed;
    }

    [Theory]
    [InlineData(LogEventLevel.Fatal, "<2>one\n<2>two")]
    [InlineData(LogEventLevel.Error, "<3>one\n<3>two")]
    [InlineData(LogEventLevel.Warning, "<4>one\n<4>two")]
    [InlineData(LogEventLevel.Information, "<6>one\n<6>two")]
    [InlineData(LogEventLevel.Debug, "<7>one\n<7>two")]
    public void Every_line_has_its_level_for_the_journal(LogEventLevel level, string text) => Assert.Equal(text, Journald.Prefixed(level, "one\ntwo"));
}
