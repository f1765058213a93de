using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Omis.Agent.Engine;

namespace Omis.Agent.Tests.Engine;

public sealed class LossProofTests
{
    private static readonly Drawing Old = new()
    {
        Config = """{ "Env": ["A=1"], "Labels": { "own": "1" }, "Cmd": ["mine"], "Tty": true }""",
        Host = """{ "NetworkMode": "net", "Memory": 64, "Links": ["/db:/web/alias"], "PortBindings": { "80/tcp": [{ "HostIp": "", "HostPort": "" }] } }""",
        Networks = """{ "net": { "Aliases": ["web"], "GwPriority": 3, "MacAddress": "02:42:0a:00:00:07", "IPAddress": "10.0.0.7" }, "second": { "MacAddress": "00:16:3e:00:00:01", "IPAddress": "10.1.0.7" } }""",
        Mounts = """[{ "Type": "volume", "Name": "data", "Destination": "/data", "RW": true }]""",
        Ports = """{ "80/tcp": [{ "HostIp": "0.0.0.0", "HostPort": "32768" }] }""",
    };

    [Fact]
    public void What_came_out_as_asked_has_lost_nothing() => Assert.Empty(Lost(_ => { }));

    [Fact]
    public void Each_field_that_is_lost_is_named()
    {
        Expect("Config.Env", made => made["Config"]!["Env"] = new JsonArray());
        Expect("Config.Labels", made => made["Config"]!["Labels"]!["own"] = "2");
        Expect("Config.Cmd", made => made["Config"]!["Cmd"] = new JsonArray("run"));
        Expect("Config.Tty", made => made["Config"]!["Tty"] = false);
        Expect("HostConfig.Memory", made => made["HostConfig"]!.AsObject().Remove("Memory"));
        Expect("HostConfig.Links", made => made["HostConfig"]!["Links"] = new JsonArray());
        Expect("HostConfig.PortBindings", made => made["HostConfig"]!["PortBindings"]!["80/tcp"]![0]!["HostPort"] = "");
        Expect("Mounts./data", made => made["Mounts"]![0]!["RW"] = false);
        Expect("Mounts./data", made => made["Mounts"]![0]!["Name"] = "another");
        Expect("NetworkSettings.Networks.net", made => made["NetworkSettings"]!["Networks"]!.AsObject().Remove("net"));
        Expect("NetworkSettings.Networks.net.Aliases", made => made["NetworkSettings"]!["Networks"]!["net"]!["Aliases"] = new JsonArray());
        Expect("NetworkSettings.Networks.net.GwPriority", made => made["NetworkSettings"]!["Networks"]!["net"]!["GwPriority"] = 0);
        Expect("NetworkSettings.Networks.second.MacAddress", made => made["NetworkSettings"]!["Networks"]!["second"]!["MacAddress"] = "");
    }

    private static void Expect(string field, Action<JsonObject> change) => Assert.Equal([field], Lost(change));

    private static ImmutableArray<string> Lost(Action<JsonObject> change)
    {
        var (blueprint, input) = (Old.Blueprint, Old.Input);
        var config = blueprint.Create.DeepClone().AsObject();
        var host = config["HostConfig"]!.DeepClone();
        host["Links"] = new JsonArray("/db:/web-new/alias");
        var made = new JsonObject
        {
            ["Id"] = new string('d', 64),
            ["Config"] = config,
            ["HostConfig"] = host,
            ["Mounts"] = input.Inspect["Mounts"]!.DeepClone(),
            ["NetworkSettings"] = new JsonObject { ["Networks"] = config["NetworkingConfig"]!["EndpointsConfig"]!.DeepClone() },
        };
        change(made);
        return LossProof.Differences(input, blueprint, made);
    }
}
