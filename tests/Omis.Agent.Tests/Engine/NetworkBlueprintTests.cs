namespace Omis.Agent.Tests.Engine;

public sealed class NetworkBlueprintTests
{
    private const string Two = """
        {
          "front": { "IPAMConfig": { "IPv4Address": "10.0.0.7" }, "Aliases": ["web", "c0ffee00c0ff"], "IPAddress": "10.0.0.7", "MacAddress": "02:42:0a:00:00:07", "GwPriority": 5, "DNSNames": ["web"], "EndpointID": "e" },
          "back": { "IPAddress": "10.1.0.7", "MacAddress": "02:42:0a:01:00:07" }
        }
        """;

    [Fact]
    public void What_was_configured_is_kept_and_what_was_generated_is_not()
    {
        var drawing = new Drawing { Host = """{ "NetworkMode": "front" }""", Networks = Two };
        Assert.Equal("""{"back":{},"front":{"IPAMConfig":{"IPv4Address":"10.0.0.7"},"GwPriority":5,"Aliases":["web"]}}""", drawing.Text("NetworkingConfig", "EndpointsConfig"));
        Assert.Empty(drawing.Blueprint.Connects);
    }

    [Fact]
    public void A_field_that_nobody_here_has_heard_of_is_carried_along()
    {
        var drawing = new Drawing { Host = """{ "NetworkMode": "front" }""", Networks = """{ "front": { "Tomorrow": { "a": [1] }, "Unset": "" } }""" };
        Assert.Equal("""{"front":{"Tomorrow":{"a":[1]}}}""", drawing.Text("NetworkingConfig", "EndpointsConfig"));
    }

    [Fact]
    public void An_older_engine_takes_the_network_of_the_mode_and_the_rest_later()
    {
        var drawing = new Drawing { Host = """{ "NetworkMode": "front" }""", Networks = Two, Api = new(1, 43) };
        Assert.Equal(["front"], drawing["NetworkingConfig", "EndpointsConfig"]!.AsObject().Select(network => network.Key));
        Assert.Equal(["back"], drawing.Blueprint.Connects.Keys);
    }

    [Theory]
    [InlineData("front", "02:42:77:00:00:01", "02:42:77:00:00:01", 51, true)]
    [InlineData("front", "", "52:1c:9e:00:00:01", 51, false)]
    [InlineData("other", "", "02:42:0a:00:00:07", 51, false)]
    [InlineData("other", "", "00:16:3e:00:00:01", 51, true)]
    [InlineData("other", "", "00:16:3e:00:00:01", 43, false)]
    public void A_hardware_address_is_kept_where_a_person_may_have_given_it(string mode, string configured, string shown, int api, bool kept)
    {
        var drawing = new Drawing
        {
            Host = $$"""{ "NetworkMode": "{{mode}}" }""",
            Config = $$"""{ "MacAddress": "{{configured}}" }""",
            Networks = $$"""{ "front": { "IPAddress": "10.0.0.7", "MacAddress": "{{shown}}" } }""",
            Api = new(1, api),
        };
        Assert.Equal(kept ? shown : null, drawing["NetworkingConfig", "EndpointsConfig", "front", "MacAddress"]?.GetValue<string>());
    }

    [Theory]
    [InlineData("host")]
    [InlineData("none")]
    [InlineData("container:other")]
    public void Who_has_no_network_of_its_own_joins_none(string mode) =>
        Assert.Equal("{}", new Drawing { Host = $$"""{ "NetworkMode": "{{mode}}" }""", Networks = Two }.Text("NetworkingConfig", "EndpointsConfig"));
}
