using System.Globalization;
using Omis.Agent.Engine.Tests.Kit;
using Omis.Agent.Engine.Tests.Packaging;

namespace Omis.Agent.Bench;

/// <summary>What the installed service needs as a unit of a real systemd: its package, its unit and its user.</summary>
internal static class Standing
{
    public static async Task<bool> RunAsync(LabEngine engine, BenchOptions options)
    {
        await using var fleet = await Fleet.UpAsync(engine, ["a", "b", "c", "d", "e"]);
        await using var machine = await InstalledAsync(fleet.Stack);
        Report.Section($"the service as installed, over {fleet.Services.Count} services, a check every 10 s");
        await machine.BootAsync();
        Report.Line($"boot of the machine to READY=1 {(await machine.ReadyAsync()).TotalSeconds:0.00} s");
        await machine.SaysAsync("Checked:");

        var spent = await SpentAsync(machine);
        await Task.Delay(TimeSpan.FromMinutes(options.Minutes));
        var (now, most) = (await MegabytesAsync(machine, "VmRSS"), await MegabytesAsync(machine, "VmHWM"));
        var (own, files) = (await MegabytesAsync(machine, "RssAnon"), await MegabytesAsync(machine, "RssFile"));
        Report.Line($"after {options.Minutes} idle minutes: resident {now:0.0} MB ({own:0.0} its own, {files:0.0} of files), at most {most:0.0} MB; CPU {(await SpentAsync(machine) - spent).TotalSeconds:0.00} s");
        return true;
    }

    private static async Task<DebianMachine> InstalledAsync(ComposeStack stack)
    {
        var machine = await DebianMachine.CreateAsync(stack);
        await machine.PutFileAsync("/var/tmp/agent.deb", await DebianPackage.CurrentAsync());
        await machine.PutAsync("/etc/omis-agent.d/10-check.json", """{ "check": { "every": "10s" } }""");
        await machine.BootAsync();
        await machine.UntilAsync("systemctl is-system-running --quiet");
        await machine.RunAsync("dpkg -i /var/tmp/agent.deb && systemctl enable omis-agent");
        return machine;
    }

    /// <summary>User and system, in the kernel's ticks of 10 ms. Source: proc(5), /proc/pid/stat, fields 14 and 15.</summary>
    private static async Task<TimeSpan> SpentAsync(DebianMachine machine) =>
        TimeSpan.FromMilliseconds(10 * await NumberAsync(machine, "awk '{ print $14 + $15 }' /proc/$(systemctl show --value -p MainPID omis-agent)/stat"));

    /// <summary>Of the kernel's units of 1024 bytes.</summary>
    private static async Task<double> MegabytesAsync(DebianMachine machine, string name) =>
        await NumberAsync(machine, $"awk '/^{name}:/ {{ print $2 }}' /proc/$(systemctl show --value -p MainPID omis-agent)/status") * 1024 / 1e6;

    private static async Task<double> NumberAsync(DebianMachine machine, string command) => double.Parse(await machine.RunAsync(command), CultureInfo.InvariantCulture);
}
