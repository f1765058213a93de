using System.Text.Json.Nodes;
using Omis.Agent.Engine.Tests.Rollouts;

namespace Omis.Agent.Engine.Tests.Packaging;

/// <summary>What the package's own scripts do to a service and its rollout in progress.</summary>
public sealed class UpgradeTests
{
    /// <summary>A rollout can be found in its soak at any time; a stop has to take it back within the budget.</summary>
    private const string Config = """
        { "check": { "every": "1s" }, "defaults": { "healthy": { "stableFor": "1s", "deadline": "20s" }, "soak": "5m", "revertBudget": "30s" } }
        """;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Neither_upgrade_nor_stop_cuts_a_rollout_in_two_and_a_purge_leaves_nothing()
    {
        await using var stack = await Stacks.UpAsync(Lab.Current.Engines[0], _ => "", "web");
        await using var machine = await DebianMachine.CreateAsync(stack);
        await machine.PutFileAsync("/var/tmp/previous.deb", await DebianPackage.PreviousAsync());
        await machine.PutFileAsync("/var/tmp/current.deb", await DebianPackage.CurrentAsync());
        await machine.BootAsync();
        await machine.UntilAsync("systemctl is-system-running --quiet");

        await IsNotStartedByInstallingAsync(machine);
        await RollsOutAsync(stack, machine);
        await IsUpgradedAsync(stack, machine);
        await IsStoppedAsync(stack, machine);
        await IsRemovedAsync(machine);
    }

    private static async Task IsNotStartedByInstallingAsync(DebianMachine machine)
    {
        await machine.RunAsync("dpkg -i /var/tmp/previous.deb && dpkg -i /var/tmp/current.deb");
        Assert.Equal("inactive", await machine.UnitAsync("ActiveState"));
        Assert.Equal("disabled", (await machine.TryAsync("systemctl is-enabled omis-agent")).Output.Trim());
        Assert.Equal("omis-agent docker", await machine.RunAsync("id -nG omis-agent"));
    }

    private static async Task RollsOutAsync(ComposeStack stack, DebianMachine machine)
    {
        await machine.RunAsync("dpkg -i /var/tmp/previous.deb");
        await machine.PutAsync("/etc/omis-agent.json", Config);
        await machine.RunAsync("systemctl enable --now omis-agent");
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        await machine.SaysAsync("web: soaking");
        await stack.AnswersAsync("web", "web 2");
    }

    private static async Task IsUpgradedAsync(ComposeStack stack, DebianMachine machine)
    {
        var before = await machine.UnitAsync("MainPID");

        await machine.RunAsync("dpkg -i /var/tmp/current.deb");

        Assert.Equal("active", await machine.UnitAsync("ActiveState"));
        Assert.NotEqual(before, await machine.UnitAsync("MainPID"));
        await machine.UntilAsync("journalctl --output cat -u omis-agent | grep -qF ': Reverted'");
        Assert.Equal(Config.Trim(), await machine.RunAsync("cat /etc/omis-agent.json"));
        Assert.Equal("reverted cancelled", await LastAsync(machine));

        // It is a new service's to do again: nothing is wrong with the image.
        await machine.SaysAsync("web: soaking");
        await stack.AnswersAsync("web", "web 2");
    }

    private static async Task IsStoppedAsync(ComposeStack stack, DebianMachine machine)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();

        await machine.RunAsync("systemctl stop omis-agent");

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Budget);
        Assert.Equal(("inactive", "success"), (await machine.UnitAsync("ActiveState"), await machine.UnitAsync("Result")));
        await stack.AnswersAsync("web", "web 1");
        Assert.Equal([$"{stack.Prefix}-web-1"], (await stack.PsAsync()).Select(container => container.Name));
        Assert.Equal("reverted cancelled", await LastAsync(machine));
    }

    private static async Task IsRemovedAsync(DebianMachine machine)
    {
        await machine.RunAsync("systemctl start omis-agent && apt-get remove -yq omis-agent");
        Assert.Equal("inactive", await machine.UnitAsync("ActiveState"));
        await machine.RunAsync("test -s /etc/omis-agent.json && ls /var/lib/omis-agent/*.db && ! test -e /usr/bin/omis-agent && ! pgrep -x omis-agent");

        await machine.RunAsync("apt-get purge -yq omis-agent");
        await machine.RunAsync("! ls -d /etc/omis-agent.json /var/lib/omis-agent /var/log/omis-agent /usr/lib/omis-agent /etc/systemd/system/multi-user.target.wants/omis-agent.service 2>/dev/null");
    }

    private static async Task<string> LastAsync(DebianMachine machine)
    {
        var history = JsonNode.Parse(await machine.RunAsync("runuser -u omis-agent -- omis-agent history --json"))!["entries"]!;
        return $"{history[0]!.Outcome()} {history[0]!.Reason()}";
    }
}
