namespace Omis.Agent.Engine.Tests.Fidelity;

/// <summary>Every field of the create request of API 1.51 is generated, or the reason why not stands here.</summary>
public sealed class CoverageTests
{
    private const string OfWindows = "Windows only";
    private const string OfTheKernel = "needs a kernel that has it, and cgroups that allow it";
    private const string Generated = "the engine makes it up; never copied";

    private static readonly Dictionary<string, string> NotGenerated = new()
    {
        ["ArgsEscaped"] = OfWindows,
        ["Image"] = "is what changes",
        ["HostConfig/AutoRemove"] = "refused; it has its own test",
        ["HostConfig/BlkioDeviceReadBps/*"] = OfTheKernel,
        ["HostConfig/BlkioDeviceReadIOps/*"] = OfTheKernel,
        ["HostConfig/BlkioDeviceWriteBps/*"] = OfTheKernel,
        ["HostConfig/BlkioDeviceWriteIOps/*"] = OfTheKernel,
        ["HostConfig/BlkioWeightDevice"] = OfTheKernel,
        ["HostConfig/Cgroup"] = "joins another container's cgroup; no engine of the last years takes it",
        ["HostConfig/ContainerIDFile"] = "is written by the client on its own machine",
        ["HostConfig/CpuCount"] = OfWindows,
        ["HostConfig/CpuPercent"] = OfWindows,
        ["HostConfig/CpuRealtimePeriod"] = OfTheKernel,
        ["HostConfig/CpuRealtimeRuntime"] = OfTheKernel,
        ["HostConfig/DeviceRequests/*"] = "needs a GPU or another device driver",
        ["HostConfig/IOMaximumBandwidth"] = OfWindows,
        ["HostConfig/IOMaximumIOps"] = OfWindows,
        ["HostConfig/KernelMemoryTCP"] = OfTheKernel,
        ["HostConfig/MemorySwappiness"] = OfTheKernel,
        ["HostConfig/Mounts/BindOptions/ReadOnlyForceRecursive"] = "needs a kernel of 5.12 and a runtime that knows it",
        ["HostConfig/Mounts/ImageOptions/Subpath"] = "an experiment of one engine version",
        ["HostConfig/Privileged"] = "needs capabilities that machines for tests may lack",
        ["HostConfig/StorageOpt"] = "needs a file system with project quotas",
        ["NetworkingConfig/EndpointsConfig/DNSNames"] = Generated,
        ["NetworkingConfig/EndpointsConfig/EndpointID"] = Generated,
        ["NetworkingConfig/EndpointsConfig/Gateway"] = Generated,
        ["NetworkingConfig/EndpointsConfig/GlobalIPv6Address"] = Generated,
        ["NetworkingConfig/EndpointsConfig/GlobalIPv6PrefixLen"] = Generated,
        ["NetworkingConfig/EndpointsConfig/IPAddress"] = Generated,
        ["NetworkingConfig/EndpointsConfig/IPPrefixLen"] = Generated,
        ["NetworkingConfig/EndpointsConfig/IPv6Gateway"] = Generated,
        ["NetworkingConfig/EndpointsConfig/NetworkID"] = Generated,
    };

    [Fact]
    public void Every_field_of_the_newest_create_request_is_generated_or_has_its_reason()
    {
        var fields = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Fidelity", "create-fields-1.51.txt"));
        var patterns = Traits.All.SelectMany(trait => trait.Fields.Split(' ')).ToHashSet();

        Assert.DoesNotContain(fields, field => !Covers(patterns, field) && !Covers(NotGenerated.Keys, field));
        Assert.DoesNotContain(patterns.Concat(NotGenerated.Keys), pattern => !fields.Any(field => Covers([pattern], field)));
        Assert.Equal(106, fields.Count(field => Covers(patterns, field)));
        Assert.Equal(146, fields.Length);
    }

    private static bool Covers(IEnumerable<string> patterns, string field) =>
        patterns.Any(pattern => pattern == field || (pattern.EndsWith("/*", StringComparison.Ordinal) && field.StartsWith(pattern[..^1], StringComparison.Ordinal)));
}
