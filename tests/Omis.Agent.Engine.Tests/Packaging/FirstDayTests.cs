using System.Globalization;
using System.Text.Json.Nodes;
using Omis.Agent.Engine.Tests.Rollouts;

namespace Omis.Agent.Engine.Tests.Packaging;

/// <summary>A bare machine is told what it is to be by the shipped user-data, and nobody logs in.</summary>
public sealed class FirstDayTests
{
    private const string Refused = "/etc/omis-agent.d/60-refused.json";

    [Fact]
    public async Task A_bare_machine_gets_the_service_from_cloud_init_and_is_kept_by_it()
    {
        await using var stack = new ComposeStack(Lab.Current.Engines[0]);
        foreach (var service in (string[])["caddy", "frontend", "csvtomdb", "postgres"])
        {
            await stack.PushAsync(service, TestImage.Good(service, "1"));
        }

        await stack.PushAsync("backend", Backend("1"));
        await using var machine = await DebianMachine.CreateAsync(stack);
        await UserData.GiveAsync(machine, stack);
        await machine.BootAsync();

        await IsSetUpAsync(stack, machine);
        await IsHeldBackAsync(machine);
        await TakesAGoodConfigAsync(stack, machine);
        await KeepsTheStackAsync(stack, machine);
        await KeepsTheLastGoodConfigAsync(stack, machine);
        await IsStartedAnewWhenFrozenAsync(machine);
        await ComesBackWithTheMachineAsync(stack, machine);
    }

    private static async Task IsSetUpAsync(ComposeStack stack, DebianMachine machine)
    {
        await machine.UntilAsync("test -e /run/cloud-init/result.json");
        Assert.Equal("[]", await machine.RunAsync("jq -c .v1.errors /run/cloud-init/result.json"));
        await machine.SaysAsync("Checked: 5 services seen");
        Assert.Equal("enabled", await machine.RunAsync("systemctl is-enabled omis-agent"));
        Assert.Equal("notify active running", await machine.RunAsync("systemctl show --value -p Type -p ActiveState -p SubState omis-agent | paste -sd ' '"));
        Assert.Equal("omis-agent", await machine.RunAsync("stat -c %U /proc/$(systemctl show --value -p MainPID omis-agent)"));
        Assert.Matches(@"Status: ""5 services; next check at \d\d:\d\d:\d\d UTC""", await machine.RunAsync("systemctl status omis-agent"));
        await stack.AnswersAsync("frontend", "frontend 1");

        var began = await machine.RunAsync("jq '.v1[\"init-local\"].start' /run/cloud-init/status.json");
        var looked = await machine.RunAsync("journalctl -u omis-agent -o short-unix | grep -m 1 Checked: | cut -d ' ' -f 1");
        await Figures.AddAsync($"cloud-init's start to the first check: {Number(looked) - Number(began):0.0} s");
    }

    /// <summary>Systemd of Debian 12 does not know the back-off's two keys, which came with 254, and says no more than that.</summary>
    private static async Task IsHeldBackAsync(DebianMachine machine)
    {
        var verified = await machine.TryAsync("systemd-analyze verify omis-agent.service");
        Assert.Equal(0, verified.ExitCode);
        Assert.All(verified.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches("Unknown key.* '(RestartSteps|RestartMaxDelaySec)'", line));

        var score = await machine.RunAsync("systemd-analyze security --no-pager omis-agent | sed -n 's/.*Overall exposure level for omis-agent.service: \\([0-9.]*\\).*/\\1/p'");
        await Figures.AddAsync($"exposure: {score}");
        Assert.InRange(Number(score), 0.1, 2.0);
    }

    /// <summary>Every second instead of each minute, for a test has no time.</summary>
    private static async Task TakesAGoodConfigAsync(ComposeStack stack, DebianMachine machine)
    {
        await machine.PutAsync("/etc/omis-agent.d/50-quick.json", $$"""
            {
              "check": { "every": "1s" },
              "defaults": { "healthy": { "stableFor": "1s", "deadline": "20s" } },
              "projects": { "{{stack.Prefix}}": { "soak": "0s", "services": { "backend": { "healthy": { "deadline": "5s" } } } } }
            }
            """);
        await machine.RunAsync("systemctl reload omis-agent");
        await machine.SaysAsync("The config was read again and is in force");
    }

    private static async Task KeepsTheStackAsync(ComposeStack stack, DebianMachine machine)
    {
        await stack.PushAsync("frontend", TestImage.Good("frontend", "2"));
        await stack.AnswersAsync("frontend", "frontend 2");

        // It serves, but not what the user-data's probe asks for.
        await stack.PushAsync("backend", TestImage.Good("backend", "2"));
        await machine.SaysAsync(": Reverted");
        await stack.AnswersAsync("backend", "backend 1");
        var last = JsonNode.Parse(await machine.RunAsync("omis-agent history --json"))!["entries"]![0]!;
        Assert.Equal(("reverted", "probeFailed"), (last.Outcome(), last.Reason()));
        Assert.Equal(5, (await stack.PsAsync()).Count);
    }

    private static async Task KeepsTheLastGoodConfigAsync(ComposeStack stack, DebianMachine machine)
    {
        var process = await machine.UnitAsync("MainPID");
        await machine.PutAsync(Refused, """{ "check": { "every": "soon" } }""");
        Assert.NotEqual(0, (await machine.TryAsync("systemctl reload omis-agent")).ExitCode);
        await machine.SaysAsync($"refused; the one before stays in force: {Refused}: check.every");

        Assert.Contains($"{Refused}: check.every", await machine.RunAsync("omis-agent status --json | jq -r '.configRefused[]'"), StringComparison.Ordinal);

        await machine.UntilAsync("systemctl status omis-agent | grep -q 'Status: \"The config is refused, the one before in force; '");

        // The failed backend holds its project until it is mended.
        await stack.PushAsync("backend", Backend("3"));
        await stack.PushAsync("frontend", TestImage.Good("frontend", "3"));
        await stack.AnswersAsync("frontend", "frontend 3");
        await machine.RunAsync($"rm {Refused} && systemctl reload omis-agent");
        Assert.Equal((process, "active"), (await machine.UnitAsync("MainPID"), await machine.UnitAsync("ActiveState")));
    }

    private static async Task IsStartedAnewWhenFrozenAsync(DebianMachine machine)
    {
        await machine.PutAsync("/etc/systemd/system/omis-agent.service.d/watchdog.conf", "[Service]\nWatchdogSec=5s\n");
        await machine.RunAsync("systemctl daemon-reload && systemctl restart omis-agent");
        var process = await machine.UnitAsync("MainPID");
        await machine.RunAsync($"kill -STOP {process}");

        await machine.UntilAsync("journalctl --output cat -u omis-agent | grep -qF 'Watchdog timeout'");
        await machine.UntilAsync($"test \"$(systemctl show --value -p MainPID -p ActiveState omis-agent | paste -sd ' ' | sed 's/^[1-9][0-9]* //; s/{process}//')\" = active");
        Assert.NotEqual(process, await machine.UnitAsync("MainPID"));
        await machine.SaysAsync("Listening on /run/omis-agent/control.sock");
        await machine.RunAsync("rm /etc/systemd/system/omis-agent.service.d/watchdog.conf && systemctl daemon-reload");
    }

    private static async Task ComesBackWithTheMachineAsync(ComposeStack stack, DebianMachine machine)
    {
        await machine.BootAsync();
        var ready = await machine.ReadyAsync();
        await Figures.AddAsync($"boot of the machine to the service's READY=1: {ready.TotalSeconds:0.00} s");

        await stack.PushAsync("frontend", TestImage.Good("frontend", "4"));
        await stack.AnswersAsync("frontend", "frontend 4");
    }

    private static TestImage Backend(string version) => TestImage.Good("backend", version).With("www/api/health", "ok\n");

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
