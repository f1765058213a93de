using System.Globalization;
using Omis.Agent.Engine.Tests.Faults;

namespace Omis.Agent.Engine.Tests.Packaging;

/// <summary>
/// A small Debian with a real systemd, as a container on its stack's engine. It shares the engine's network, so that the
/// registry, published ports and probes are where they would be on one machine; of the engine it sees its stack alone.
/// </summary>
public sealed class DebianMachine : IAsyncDisposable
{
    /// <summary>How long a busy machine may take for what is a matter of seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string name = "omismachine" + Guid.NewGuid().ToString("N")[..10];
    private readonly ComposeStack stack;
    private readonly EngineProxy proxy;

    private DebianMachine(ComposeStack stack) => (this.stack, proxy) = (stack, new EngineProxy(stack.Engine, stack.Prefix));

    /// <summary>Made, but not booted: files can be put into it.</summary>
    public static Task<DebianMachine> CreateAsync(ComposeStack stack) => new DebianMachine(stack).OrDisposeAsync(machine => machine.CreateAsync());

    /// <summary>Boots, or shuts down and boots again.</summary>
    public Task BootAsync() => DockerAsync("restart", "--time", "60", name);

    public async Task PutAsync(string path, string content) => await stack.Engine.PutAsync(name, path, System.Text.Encoding.UTF8.GetBytes(content));

    public async Task PutFileAsync(string path, string file) => await stack.Engine.PutAsync(name, path, await File.ReadAllBytesAsync(file));

    /// <summary>Runs a shell's command as root.</summary>
    public async Task<ProcessResult> TryAsync(string command)
    {
        using var run = Docker("exec", "--env", "DEBIAN_FRONTEND=noninteractive", name, "sh", "-c", command);
        return await run.EndAsync(Patience);
    }

    /// <returns>What it said on stdout, trimmed.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message has all that it said, and the service's journal.</exception>
    public async Task<string> RunAsync(string command)
    {
        var result = await TryAsync(command);
        return result.ExitCode == 0 ? result.Output.Trim() : throw new InvalidOperationException($"{result}\n{await JournalAsync()}");
    }

    /// <summary>Waits until the command succeeds, which is asked for within the machine.</summary>
    public async Task UntilAsync(string command)
    {
        try
        {
            await RunAsync($"until {command}; do sleep 0.3; done");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"still not: {command}\n{await JournalAsync()}", late);
        }
    }

    /// <summary>Waits until the service, since it was started last, says this.</summary>
    public Task SaysAsync(string text) =>
        UntilAsync($"journalctl --output cat _SYSTEMD_INVOCATION_ID=$(systemctl show --value -p InvocationID omis-agent) | grep -qF '{text}'");

    /// <summary>A property of the unit.</summary>
    public Task<string> UnitAsync(string property) => RunAsync($"systemctl show --value -p {property} omis-agent");

    /// <summary>Waits until the service is there after a boot.</summary>
    /// <returns>From the start of systemd to the service's READY=1.</returns>
    public async Task<TimeSpan> ReadyAsync()
    {
        await UntilAsync("systemctl is-active --quiet omis-agent");
        return await MomentAsync("show omis-agent -p ActiveEnterTimestampMonotonic") - await MomentAsync("show -p UserspaceTimestampMonotonic");
    }

    public async ValueTask DisposeAsync()
    {
        await stack.Engine.RemoveAsync(name);
        await stack.Engine.RemoveImageAsync(name);
        await proxy.DisposeAsync();
    }

    private async Task CreateAsync()
    {
        var tarball = await LabScript.RunAsync(TimeSpan.FromMinutes(10), "machine");
        await DockerAsync("import", tarball, name);

        // What systemd needs to be the first process of a container, and a client of the engine as a machine has it.
        await DockerAsync([
            "create", "--name", name, "--stop-signal", "SIGRTMIN+3", "--network", "host", "--cap-add", "SYS_ADMIN", "--cap-add", "SYS_PTRACE", "--cap-add", "DAC_READ_SEARCH",
            "--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined", "--cgroupns", "host", "--volume", "/sys/fs/cgroup:/sys/fs/cgroup",
            "--tmpfs", "/run:exec", "--tmpfs", "/run/lock", "--env", "container=docker",
            "--volume", $"{proxy.Socket}:/run/docker.sock", "--volume", $"{stack.Engine.Facts.Docker}:/usr/bin/docker:ro",
            "--volume", $"{Lab.Current.NewestCompose.Path}:/usr/libexec/docker/cli-plugins/docker-compose:ro",
            name, "/sbin/init"]);
    }

    /// <summary>On the kernel's clock.</summary>
    private async Task<TimeSpan> MomentAsync(string property) => TimeSpan.FromMicroseconds(double.Parse(await RunAsync($"systemctl {property} --value"), CultureInfo.InvariantCulture));

    private async Task DockerAsync(params string[] arguments)
    {
        using var run = Docker(arguments);
        (await run.EndAsync(Patience)).OrThrow();
    }

    private ChildProcess Docker(params string[] arguments) =>
        ChildProcess.Start(stack.Engine.Facts.Docker, arguments, new Dictionary<string, string?> { ["DOCKER_HOST"] = stack.Engine.Endpoint.ToString(), ["DOCKER_CONTEXT"] = null }, "/");

    private async Task<string> JournalAsync() => (await TryAsync("systemctl status omis-agent; journalctl --no-pager -n 60; tail -n 40 /var/log/cloud-init-output.log")).Output;
}
