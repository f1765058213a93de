using System.Collections.Immutable;

namespace Omis.Agent.Engine.Tests.Fidelity;

/// <summary>An image that sets everything an image can set, each version of it otherwise.</summary>
internal static class DefaultsImage
{
    private const string Waits = "#!/bin/sh\ntrap 'exit 0' TERM INT HUP QUIT USR1 USR2\nwhile :; do sleep 1000 & wait $!; done\n";

    public static TestImage Of(int version) => new()
    {
        Entrypoint = ["/bin/run"],
        Cmd = [$"command-{version}"],
        Env = ["PATH=/bin", "KEPT=same", $"CHANGED={version}", $"ONLY_{version}=here"],
        Labels = ImmutableSortedDictionary<string, string>.Empty.Add("image.version", $"{version}").Add($"image.only-{version}", "here"),
        Health = new HealthCheck(["/bin/true"]) { Interval = TimeSpan.FromMilliseconds(500 + version), Timeout = TimeSpan.FromSeconds(20 + version) },
        User = $"{1000 + version}",
        WorkingDir = $"/work-{version}",
        StopSignal = version % 2 == 0 ? "SIGUSR2" : "SIGUSR1",
        Volumes = ["/kept", $"/new-{version}"],
        ExposedPorts = [$"{80 + version}/tcp", "90/udp"],
        Files = ImmutableSortedDictionary<string, string>.Empty.Add("bin/run", Waits).Add("version", $"{version}"),
    };

    /// <summary>Its program ends at once.</summary>
    public static TestImage Broken(int version) => Of(version).With("bin/run", "#!/bin/sh\nexit 1\n");
}
