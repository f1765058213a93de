using System.Collections.Immutable;

namespace Omis.Agent.Tests.Engine;

public sealed class HostBlueprintTests
{
    [Theory]
    [InlineData("", "0.0.0.0:32768 :::32768", ":32768")]
    [InlineData("0", "0.0.0.0:32768 :::32768", ":32768")]
    [InlineData("8000-8010", "0.0.0.0:8003 :::8003", ":8003")]
    [InlineData("", "0.0.0.0:32769 :::32768", "0.0.0.0:32769 :::32768")]
    [InlineData("", ":::32768", ":32768")]
    [InlineData("8080", "0.0.0.0:8080 :::8080", ":8080")]
    [InlineData("", "", ":")]
    public void A_host_port_that_the_engine_chose_stays(string asked, string bound, string now) =>
        Assert.Equal(now, Bindings(new() { Host = $$"""{ "PortBindings": { "80/tcp": [{ "HostIp": "", "HostPort": "{{asked}}" }] } }""", Ports = Bound(bound) }));

    [Fact]
    public void Of_several_bindings_each_keeps_its_own_number()
    {
        var drawing = new Drawing
        {
            Host = """{ "PortBindings": { "80/tcp": [{ "HostIp": "", "HostPort": "" }, { "HostIp": "127.0.0.1", "HostPort": "0" }, { "HostIp": "", "HostPort": "8080" }] } }""",
            Ports = Bound("0.0.0.0:8080 :::8080 127.0.0.1:40000 0.0.0.0:32770 :::32770"),
        };
        Assert.Equal(":32770 127.0.0.1:40000 :8080", Bindings(drawing));
    }

    [Fact]
    public void With_all_ports_published_those_that_stay_exposed_keep_their_numbers()
    {
        var drawing = new Drawing
        {
            Host = """{ "PublishAllPorts": true }""",
            Old = """{ "ExposedPorts": { "80/tcp": {}, "90/tcp": {} } }""",
            New = """{ "ExposedPorts": { "80/tcp": {} } }""",
            Ports = """{ "80/tcp": [{ "HostIp": "0.0.0.0", "HostPort": "32768" }, { "HostIp": "::", "HostPort": "32768" }], "90/tcp": [{ "HostIp": "0.0.0.0", "HostPort": "32769" }], "99/tcp": [{ "HostIp": "0.0.0.0", "HostPort": "32770" }] }""",
        };
        Assert.Equal("""{"80/tcp":[{"HostIp":"","HostPort":"32768"}],"99/tcp":[{"HostIp":"","HostPort":"32770"}]}""", drawing.Text("HostConfig", "PortBindings"));
    }

    [Fact]
    public void Containers_that_others_are_bound_to_are_named_by_their_new_ids()
    {
        var drawing = new Drawing
        {
            Host = """{ "NetworkMode": "container:one", "PidMode": "container:other", "IpcMode": "host", "VolumesFrom": ["one:ro", "other"], "Links": ["/db:/web/alias"] }""",
            Renewed = ImmutableDictionary<string, string>.Empty.Add("one", "two"),
        };
        Assert.Equal("""{"NetworkMode":"container:two","PidMode":"container:other","IpcMode":"host","VolumesFrom":["two:ro","other"],"Links":["db:alias"]}""", drawing.Text("HostConfig"));
    }

    [Fact]
    public void Anonymous_volumes_travel_by_name_and_named_ones_are_not_named_twice()
    {
        var volume = new string('a', 64);
        var drawing = new Drawing
        {
            Host = """{ "Binds": ["data:/data"], "Mounts": [{ "Type": "volume", "Target": "/typed" }] }""",
            Mounts = $$"""[{ "Type": "volume", "Name": "data", "Destination": "/data", "RW": true }, { "Type": "volume", "Name": "{{volume}}", "Destination": "/typed", "RW": true }, { "Type": "volume", "Name": "b{{volume[1..]}}", "Destination": "/own", "RW": false }]""",
        };
        Assert.Equal($$"""["data:/data","b{{volume[1..]}}:/own:ro"]""", drawing.Text("HostConfig", "Binds"));
        Assert.Equal($$"""[{"Type":"volume","Target":"/typed","Source":"{{volume}}"}]""", drawing.Text("HostConfig", "Mounts"));
    }

    private static string Bindings(Drawing drawing) =>
        string.Join(' ', drawing["HostConfig", "PortBindings", "80/tcp"]!.AsArray().Select(binding => $"{binding!["HostIp"]}:{binding["HostPort"]}"));

    private static string Bound(string bindings) =>
        $$"""{ "80/tcp": [{{string.Join(',', bindings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(binding => binding.LastIndexOf(':') is var at ? $$"""{ "HostIp": "{{binding[..at]}}", "HostPort": "{{binding[(at + 1)..]}}" }""" : ""))}}] }""";
}
