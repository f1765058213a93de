using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Omis.Agent.Engine;

namespace Omis.Agent.Tests.Engine;

public sealed class LossProofTests
{
    private static readonly Drawing Old = new()
    {
        Config = """{ "Env": ["A=1"], "Labels": { "own": "1" }, "Cmd": ["mine"], "Tty": true, "Healthcheck": { "Retries": 4 } }""",
        New = """{ "Env": ["IMAGE=1"], "Labels": { "of.image": "1", "own": "image" }, "Volumes": { "/new": {} }, "User": "app" }""",
        Host = """{ "NetworkMode": "net", "Memory": 64, "Links": ["/db:/web/alias"], "PortBindings": { "80/tcp": [{ "HostIp": "", "HostPort": "" }] } }""",
        Networks = """{ "net": { "Aliases": ["web"], "GwPriority": 3, "Tomorrow": "x", "MacAddress": "02:42:0a:00:00:07", "IPAddress": "10.0.0.7" }, "second": { "MacAddress": "00:16:3e:00:00:01", "IPAddress": "10.1.0.7" } }""",
        Mounts = """[{ "Type": "volume", "Name": "data", "Destination": "/data", "RW": true }]""",
        Ports = """{ "80/tcp": [{ "HostIp": "0.0.0.0", "HostPort": "32768" }] }""",
    };

    [Fact]
    public void What_came_out_as_asked_with_what_the_new_image_and_the_engine_add_has_lost_nothing() => Assert.Empty(Lost(_ => { }));

    [Fact]
    public void Each_field_that_is_lost_is_named()
    {
        Expect("Config.Env", made => made["Config"]!["Env"] = new JsonArray());
        Expect("Config.Labels", made => made["Config"]!["Labels"]!["own"] = "2");
        Expect("Config.Labels", made => made["Config"]!["Labels"]!.AsObject().Remove("of.image"));
        Expect("Config.Cmd", made => made["Config"]!["Cmd"] = new JsonArray("run"));
        Expect("Config.Tty", made => made["Config"]!["Tty"] = false);
        Expect("Config.Healthcheck", made => made["Config"]!["Healthcheck"]!["Retries"] = 3);
        Expect("HostConfig.Memory", made => made["HostConfig"]!.AsObject().Remove("Memory"));
        Expect("HostConfig.Links", made => made["HostConfig"]!["Links"] = new JsonArray());
        Expect("HostConfig.PortBindings", made => made["HostConfig"]!["PortBindings"]!["80/tcp"]![0]!["HostPort"] = "");
        Expect("Mounts./data", made => made["Mounts"]![0]!["RW"] = false);
        Expect("Mounts./data", made => made["Mounts"]![0]!["Name"] = "another");
        Expect("NetworkSettings.Networks.net", made => made["NetworkSettings"]!["Networks"]!.AsObject().Remove("net"));
        Expect("NetworkSettings.Networks.net.Aliases", made => made["NetworkSettings"]!["Networks"]!["net"]!["Aliases"] = new JsonArray());
        Expect("NetworkSettings.Networks.net.Tomorrow", made => made["NetworkSettings"]!["Networks"]!["net"]!.AsObject().Remove("Tomorrow"));
        Expect("NetworkSettings.Networks.net.GwPriority", made => made["NetworkSettings"]!["Networks"]!["net"]!["GwPriority"] = 0);
        Expect("NetworkSettings.Networks.second.MacAddress", made => made["NetworkSettings"]!["Networks"]!["second"]!["MacAddress"] = "");
    }

    [Fact]
    public void What_nobody_asked_for_is_named_too()
    {
        Expect("Config.Env", made => made["Config"]!["Env"]!.AsArray().Add("B=2"));
        Expect("Config.Labels", made => made["Config"]!["Labels"]!["other"] = "");
        Expect("Config.ExposedPorts", made => made["Config"]!["ExposedPorts"] = new JsonObject { ["99/tcp"] = new JsonObject() });
        Expect("Config.User", made => made["Config"]!["User"] = "nobody");
        Expect("Config.Tomorrow", made => made["Config"]!["Tomorrow"] = 1);
    }

    private static void Expect(string field, Action<JsonObject> change) => Assert.Equal([field], Lost(change));

    private static ImmutableArray<string> Lost(Action<JsonObject> change)
    {
        var (blueprint, input) = (Old.Blueprint, Old.Input);
        var config = blueprint.Create.DeepClone().AsObject();
        config["Env"]!.AsArray().Add("IMAGE=1");
        config["Labels"]!["of.image"] = "1";
        (config["Volumes"], config["User"], config["WorkingDir"], config["StopSignal"], config["Hostname"]) = (new JsonObject { ["/new"] = new JsonObject() }, "app", "/", "SIGTERM", "dddddddddddd");
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
        made["NetworkSettings"]!["Networks"]!["net"]!["Tomorrow"] = "y";
        change(made);
        return LossProof.Differences(input, blueprint, made);
    }
}
