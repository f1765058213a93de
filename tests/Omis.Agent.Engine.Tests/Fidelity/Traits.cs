using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Fidelity;

/// <summary>
/// All that the generator can give to a container. A value that a person sets to just what the old image has by default
/// cannot be told from the default, so none does here; what both images have may be set.
/// </summary>
internal static class Traits
{
    public static readonly ImmutableArray<Trait> All =
    [
        // What the image has a default for.
        new("env", "Env", (body, _, dice) => body["Env"] = Some(dice, "KEPT=same", "CHANGED=mine", "ONLY_1=mine", "OWN=a=b c", "EMPTY=", "BARE")),
        new("cmd", "Cmd", (body, _, dice) => body["Cmd"] = List(dice.Next(3) == 0 ? ["command-2"] : ["mine", "$x"])),
        new("entrypoint", "Entrypoint", (body, _, dice) => body["Entrypoint"] = List(dice.Next(3) == 0 ? ["/bin/run"] : ["/bin/sh", "/bin/run"])),
        new("labels", "Labels", (body, _, _) => body["Labels"] = Map(("image.version", "mine"), ("own", "label"))),
        new("no healthcheck", "Healthcheck/Test", (body, _, _) => body["Healthcheck"] = new JsonObject { ["Test"] = List("NONE") }) { Kind = "health" },
        new("healthcheck", "Healthcheck/Test Healthcheck/Interval Healthcheck/Timeout Healthcheck/Retries Healthcheck/StartPeriod", (body, _, _) => body["Healthcheck"] = new JsonObject
        {
            ["Test"] = List("CMD", "/bin/true"), ["Interval"] = 700_000_000, ["Timeout"] = 9_000_000_000, ["Retries"] = 7, ["StartPeriod"] = 2_000_000_000,
        }) { Kind = "health" },
        new("part of a healthcheck", "Healthcheck/Retries", (body, _, _) => body["Healthcheck"] = new JsonObject { ["Retries"] = 5 }) { Kind = "health" },
        new("start interval", "Healthcheck/StartInterval", (body, _, _) => body["Healthcheck"] = new JsonObject { ["Test"] = List("CMD", "/bin/true"), ["StartPeriod"] = 5_000_000_000, ["StartInterval"] = 300_000_000 }, "1.44") { Kind = "health" },
        new("user", "User", (body, _, dice) => body["User"] = Pick(dice, "0", "1002", "2000:3000")),
        new("working dir", "WorkingDir", (body, _, dice) => body["WorkingDir"] = Pick(dice, "/", "/work-2", "/mine")),
        new("stop signal", "StopSignal", (body, _, dice) => body["StopSignal"] = Pick(dice, "SIGTERM", "SIGUSR2", "SIGINT")),
        new("volumes", "Volumes", (body, _, dice) => body["Volumes"] = Keys(dice.Next(2) == 0 ? ["/kept"] : ["/anonymous", "/new-2"])),
        new("exposed", "ExposedPorts", (body, _, _) => body["ExposedPorts"] = Keys("81/tcp", "99/udp")) { Kind = "expose" },
        new("shell", "Shell", (body, _, _) => body["Shell"] = List("/bin/sh", "-e", "-c")),

        // What only a person sets.
        new("names", "Hostname Domainname", (body, place, _) => (body["Hostname"], body["Domainname"]) = ($"named{place.Number}", "example.test")) { Kind = "own network" },
        new("terminal", "Tty OpenStdin StdinOnce AttachStdin", (body, _, _) => (body["Tty"], body["OpenStdin"], body["StdinOnce"], body["AttachStdin"]) = (true, true, true, true)),
        new("attached", "AttachStdout AttachStderr", (body, _, _) => (body["AttachStdout"], body["AttachStderr"]) = (true, true)),
        new("stop timeout", "StopTimeout", (body, _, _) => body["StopTimeout"] = 3),
        new("on build", "OnBuild", (body, _, _) => body["OnBuild"] = List()),
        new("annotations", "HostConfig/Annotations", (body, _, _) => Host(body)["Annotations"] = Map(("test.annotation", "yes")), "1.43"),

        // Storage.
        new("binds", "HostConfig/Binds", (body, place, dice) => Host(body)["Binds"] = Some(dice, $"{place.Folder}:/bound:ro", $"{place.Prefix}-named:/named:nocopy", $"{place.Prefix}-shared:/shared:rw,z")),
        new("mounts", "HostConfig/Mounts/Type HostConfig/Mounts/Source HostConfig/Mounts/Target HostConfig/Mounts/ReadOnly HostConfig/Mounts/Consistency HostConfig/Mounts/BindOptions/Propagation HostConfig/Mounts/BindOptions/NonRecursive HostConfig/Mounts/VolumeOptions/* HostConfig/Mounts/TmpfsOptions/SizeBytes HostConfig/Mounts/TmpfsOptions/Mode", Mounts),
        new("late mounts", "HostConfig/Mounts/BindOptions/CreateMountpoint HostConfig/Mounts/BindOptions/ReadOnlyNonRecursive HostConfig/Mounts/TmpfsOptions/Options", (body, place, _) => Host(body)["Mounts"] = new JsonArray(
            new JsonObject { ["Type"] = "bind", ["Source"] = place.Folder + "/made", ["Target"] = "/made", ["ReadOnly"] = true, ["BindOptions"] = new JsonObject { ["CreateMountpoint"] = true, ["ReadOnlyNonRecursive"] = true } },
            new JsonObject { ["Type"] = "tmpfs", ["Target"] = "/fast", ["TmpfsOptions"] = new JsonObject { ["SizeBytes"] = 65536, ["Options"] = new JsonArray(List("noexec")) } }), "1.46") { Kind = "late mounts" },
        new("tmpfs", "HostConfig/Tmpfs", (body, _, _) => Host(body)["Tmpfs"] = Map(("/scratch", "size=64k,mode=1770"))),
        new("volumes from", "HostConfig/VolumesFrom", (body, place, _) => Host(body)["VolumesFrom"] = List(place.Friend + ":ro")),
        new("volume driver", "HostConfig/VolumeDriver", (body, _, _) => Host(body)["VolumeDriver"] = "local"),
        new("read-only", "HostConfig/ReadonlyRootfs", (body, _, _) => Host(body)["ReadonlyRootfs"] = true),

        // Resources.
        new("memory", "HostConfig/Memory HostConfig/MemoryReservation HostConfig/MemorySwap", (body, _, _) => Set(body, ("Memory", 64 << 20), ("MemoryReservation", 32 << 20), ("MemorySwap", 128 << 20))),
        new("cpus", "HostConfig/NanoCpus", (body, _, _) => Set(body, ("NanoCpus", 500_000_000))) { Kind = "cpu" },
        new("cpu quota", "HostConfig/CpuPeriod HostConfig/CpuQuota", (body, _, _) => Set(body, ("CpuPeriod", 50_000), ("CpuQuota", 25_000))) { Kind = "cpu" },
        new("cpu shares", "HostConfig/CpuShares HostConfig/CpusetCpus HostConfig/CpusetMems", (body, _, _) => Set(body, ("CpuShares", 300), ("CpusetCpus", "0"), ("CpusetMems", "0"))),
        new("block weight", "HostConfig/BlkioWeight", (body, _, _) => Set(body, ("BlkioWeight", 300))),
        new("pids", "HostConfig/PidsLimit", (body, _, dice) => Set(body, ("PidsLimit", dice.Next(2) == 0 ? -1 : 50))),
        new("oom", "HostConfig/OomScoreAdj HostConfig/OomKillDisable", (body, _, _) => Set(body, ("OomScoreAdj", 77), ("OomKillDisable", false))),
        new("ulimits", "HostConfig/Ulimits", (body, _, _) => Host(body)["Ulimits"] = new JsonArray(new JsonObject { ["Name"] = "nofile", ["Soft"] = 100, ["Hard"] = 200 })),
        new("shm", "HostConfig/ShmSize", (body, _, _) => Set(body, ("ShmSize", 4 << 20))),
        new("cgroup", "HostConfig/CgroupParent", (body, _, _) => Set(body, ("CgroupParent", "/omis-test"))),
        new("cgroup namespace", "HostConfig/CgroupnsMode", (body, _, dice) => Set(body, ("CgroupnsMode", Pick(dice, "host", "private")))),
        new("devices", "HostConfig/Devices/* HostConfig/DeviceCgroupRules", (body, _, _) => (Host(body)["Devices"], Host(body)["DeviceCgroupRules"]) = (
            new JsonArray(new JsonObject { ["PathOnHost"] = "/dev/null", ["PathInContainer"] = "/dev/xnull", ["CgroupPermissions"] = "rw" }), List("c 1:3 rwm"))),

        // Security.
        new("capabilities", "HostConfig/CapAdd HostConfig/CapDrop", (body, _, _) => (Host(body)["CapAdd"], Host(body)["CapDrop"]) = (List("NET_ADMIN"), List("MKNOD", "CHOWN"))),
        new("security options", "HostConfig/SecurityOpt", (body, _, _) => Host(body)["SecurityOpt"] = List("no-new-privileges", "seccomp=unconfined")),
        new("paths", "HostConfig/MaskedPaths HostConfig/ReadonlyPaths", (body, _, _) => (Host(body)["MaskedPaths"], Host(body)["ReadonlyPaths"]) = (List("/proc/keys"), List("/proc/bus"))),
        new("groups", "HostConfig/GroupAdd", (body, _, _) => Host(body)["GroupAdd"] = List("3000", "4000")),
        new("user namespace", "HostConfig/UsernsMode", (body, _, _) => Set(body, ("UsernsMode", "host"))),
        new("init", "HostConfig/Init", (body, _, dice) => Set(body, ("Init", dice.Next(2) == 0))),
        new("runtime", "HostConfig/Runtime", (body, _, _) => Set(body, ("Runtime", "runc"))),

        // Running.
        new("restart", "HostConfig/RestartPolicy/*", (body, _, dice) => Host(body)["RestartPolicy"] = dice.Next(2) == 0
            ? new JsonObject { ["Name"] = "on-failure", ["MaximumRetryCount"] = 4 } : new JsonObject { ["Name"] = Pick(dice, "always", "unless-stopped") }),
        new("log", "HostConfig/LogConfig/*", (body, _, dice) => Host(body)["LogConfig"] = dice.Next(2) == 0
            ? new JsonObject { ["Type"] = "json-file", ["Config"] = Map(("max-size", "1m"), ("labels", "own")) } : new JsonObject { ["Type"] = Pick(dice, "none", "local"), ["Config"] = new JsonObject() }),
        new("console", "HostConfig/ConsoleSize", (body, _, _) => Host(body)["ConsoleSize"] = new JsonArray(24, 80)),
        new("isolation", "HostConfig/Isolation", (body, _, _) => Set(body, ("Isolation", "default"))),
        new("ipc", "HostConfig/IpcMode", (body, place, dice) => Set(body, ("IpcMode", Pick(dice, "private", "shareable", "host", $"container:{place.Friend}")))),
        new("pid", "HostConfig/PidMode", (body, place, dice) => Set(body, ("PidMode", Pick(dice, "host", $"container:{place.Friend}")))),

        // Networks; the first that is chosen decides on the mode.
        new("host network", "HostConfig/NetworkMode HostConfig/UTSMode", (body, _, _) => Set(body, ("NetworkMode", "host"), ("UTSMode", "host"))) { Kind = "own network" },
        new("no network", "HostConfig/NetworkMode NetworkDisabled", (body, _, dice) => (Host(body)["NetworkMode"], body["NetworkDisabled"]) = ("none", dice.Next(2) == 0)) { Kind = "own network" },
        new("friend's network", "HostConfig/NetworkMode", (body, place, _) => Set(body, ("NetworkMode", $"container:{place.Friend}"))) { Kind = "own network" },
        new("linked", "HostConfig/Links HostConfig/Dns HostConfig/DnsOptions HostConfig/DnsSearch HostConfig/ExtraHosts", (body, place, _) =>
        {
            Host(body)["Links"] = List(place.Friend + ":pal");
            Resolver(body);
        }) { Kind = "own network" },
        new("network", "NetworkingConfig/EndpointsConfig/Aliases NetworkingConfig/EndpointsConfig/IPAMConfig/* NetworkingConfig/EndpointsConfig/DriverOpts NetworkingConfig/EndpointsConfig/Links", (body, place, _) =>
        {
            Resolver(body);
            Set(body, ("NetworkMode", place.One));
            body["NetworkingConfig"] = new JsonObject
            {
                ["EndpointsConfig"] = new JsonObject
                {
                    [place.One] = new JsonObject
                    {
                        ["Aliases"] = List("here", "there"),
                        ["Links"] = List(place.Friend + ":mate"),
                        ["DriverOpts"] = Map(("test.option", "1")),
                        ["IPAMConfig"] = new JsonObject { ["IPv4Address"] = $"{place.Subnet}.{20 + (place.Number % 200)}", ["LinkLocalIPs"] = List($"169.254.9.{20 + (place.Number % 200)}") },
                    },
                },
            };
        }) { Kind = "own network" },
        new("two networks", "NetworkingConfig/EndpointsConfig/GwPriority NetworkingConfig/EndpointsConfig/MacAddress", (body, place, _) =>
        {
            Set(body, ("NetworkMode", place.Two));
            body["NetworkingConfig"] = new JsonObject
            {
                ["EndpointsConfig"] = new JsonObject
                {
                    [place.Two] = new JsonObject { ["GwPriority"] = 5, ["MacAddress"] = $"02:42:77:00:{place.Number / 256:x2}:{place.Number % 256:x2}" },
                    [place.One] = new JsonObject { ["Aliases"] = List("second"), ["GwPriority"] = -1, ["MacAddress"] = $"02:42:79:00:{place.Number / 256:x2}:{place.Number % 256:x2}" },
                },
            };
        }, "1.48") { Kind = "own network" },
        new("hardware address", "MacAddress", (body, place, _) => body["MacAddress"] = $"02:42:78:00:{place.Number / 256:x2}:{place.Number % 256:x2}") { Kind = "own network" },
        new("published", "HostConfig/PortBindings ExposedPorts HostConfig/PublishAllPorts", (body, _, dice) =>
        {
            body["ExposedPorts"] = Keys("81/tcp", "7000/tcp");
            Host(body)["PortBindings"] = new JsonObject { ["81/tcp"] = new JsonArray(new JsonObject { ["HostPort"] = "" }), ["7000/tcp"] = new JsonArray(new JsonObject { ["HostIp"] = "127.0.0.1", ["HostPort"] = "0" }) };
            Set(body, ("PublishAllPorts", dice.Next(2) == 0));
        }) { Kind = "own network" },
        new("sysctls", "HostConfig/Sysctls", (body, _, _) => Host(body)["Sysctls"] = Map(("net.core.somaxconn", "777"))) { Kind = "own network" },
    ];

    private static void Mounts(JsonObject body, Place place, Random dice)
    {
        JsonObject[] all =
        [
            new() { ["Type"] = "bind", ["Source"] = place.Folder, ["Target"] = "/typed", ["ReadOnly"] = true, ["Consistency"] = "cached", ["BindOptions"] = new JsonObject { ["Propagation"] = "private", ["NonRecursive"] = true } },
            new() { ["Type"] = "volume", ["Source"] = $"{place.Prefix}-typed", ["Target"] = "/vol", ["VolumeOptions"] = new JsonObject { ["NoCopy"] = true, ["Labels"] = Map(("own", "1")), ["DriverConfig"] = new JsonObject { ["Name"] = "local" } } },
            new() { ["Type"] = "volume", ["Target"] = "/nameless", ["VolumeOptions"] = new JsonObject { ["Labels"] = Map(("own", "2")) } },
            new() { ["Type"] = "tmpfs", ["Target"] = "/memory", ["TmpfsOptions"] = new JsonObject { ["SizeBytes"] = 65536, ["Mode"] = 448 } },
            .. place.Api < new Version(1, 45) ? Array.Empty<JsonObject>() : [new() { ["Type"] = "volume", ["Source"] = $"{place.Prefix}-deep", ["Target"] = "/deep", ["VolumeOptions"] = new JsonObject { ["Subpath"] = "below" } }],
        ];
        Host(body)["Mounts"] = new JsonArray([.. all.Where(_ => dice.Next(3) > 0)]);
    }

    private static void Resolver(JsonObject body) =>
        (Host(body)["Dns"], Host(body)["DnsOptions"], Host(body)["DnsSearch"], Host(body)["ExtraHosts"]) = (List("10.9.9.9"), List("ndots:2"), List("example.test"), List("somewhere:10.1.2.3"));

    private static JsonObject Host(JsonObject body) => body["HostConfig"]!.AsObject();

    private static void Set(JsonObject body, params (string Name, JsonNode? Value)[] members)
    {
        foreach (var (name, value) in members)
        {
            Host(body)[name] = value;
        }
    }

    private static T Pick<T>(Random dice, params T[] choices) => choices[dice.Next(choices.Length)];

    private static JsonArray Some(Random dice, params string[] texts) => List([.. texts.Where(_ => dice.Next(2) == 0)]);

    private static JsonArray List(params string[] texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static JsonObject Keys(params string[] names) => new(names.Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonObject())));

    private static JsonObject Map(params (string Name, string Value)[] members) => new(members.Select(member => KeyValuePair.Create(member.Name, (JsonNode?)member.Value)));
}
