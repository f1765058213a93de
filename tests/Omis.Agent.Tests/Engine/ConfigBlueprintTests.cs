namespace Omis.Agent.Tests.Engine;

public sealed class ConfigBlueprintTests
{
    private const string Image = """{ "Env": ["PATH=/bin", "A=1"], "Cmd": ["run"], "Entrypoint": ["/app"], "User": "app", "Labels": { "by": "image" }, "Volumes": { "/data": {} }, "ExposedPorts": { "80/tcp": {} }, "Healthcheck": { "Test": ["CMD", "ok"], "Retries": 3 } }""";

    [Fact]
    public void What_the_old_image_gave_is_left_to_the_new_one()
    {
        var drawing = new Drawing { Config = Image, Old = Image };
        Assert.Equal("[]", drawing.Text("Env"));
        Assert.All((string[])["Cmd", "Entrypoint", "User", "Healthcheck"], name => Assert.Null(drawing[name]));
        Assert.Equal("""{"omis.agent.role":"web"}""", drawing.Text("Labels"));
        Assert.Equal("{}", drawing.Text("Volumes"));
        Assert.Equal("{}", drawing.Text("ExposedPorts"));
        Assert.Equal("\"r.test/app:latest\"", drawing.Text("Image"));
    }

    [Fact]
    public void What_a_person_set_stays()
    {
        var drawing = new Drawing
        {
            Old = Image,
            Config = """{ "Env": ["PATH=/bin", "A=2", "B=3"], "Cmd": ["mine"], "Entrypoint": ["/app"], "User": "root", "Labels": { "by": "me" }, "Healthcheck": { "Test": ["CMD", "ok"], "Retries": 9 }, "Unheard": { "of": [1] } }""",
        };
        Assert.Equal("""["A=2","B=3"]""", drawing.Text("Env"));
        Assert.Equal("""["mine"]""", drawing.Text("Cmd"));
        Assert.Null(drawing["Entrypoint"]);
        Assert.Equal("\"root\"", drawing.Text("User"));
        Assert.Equal("\"me\"", drawing.Text("Labels", "by"));
        Assert.Equal("""{"Retries":9}""", drawing.Text("Healthcheck"));
        Assert.Equal("""{"of":[1]}""", drawing.Text("Unheard"));
    }

    [Fact]
    public void An_entrypoint_of_a_person_keeps_the_command_even_where_it_is_the_images()
    {
        var own = new Drawing { Old = Image, Config = """{ "Entrypoint": ["/mine"], "Cmd": ["run"] }""" };
        Assert.Equal("""["/mine"]["run"]""", own.Text("Entrypoint") + own.Text("Cmd"));
        var again = new Drawing { Old = Image, Config = """{ "Entrypoint": ["/app"], "Cmd": null }""" };
        Assert.Equal("""["/app"]""", again.Text("Entrypoint") + again.Text("Cmd"));
    }

    [Fact]
    public void A_published_port_stays_exposed_though_the_old_image_exposed_it()
    {
        var drawing = new Drawing { Old = Image, Config = Image, Host = """{ "PortBindings": { "80/tcp": [{ "HostPort": "8080" }] } }""" };
        Assert.Equal("""{"80/tcp":{}}""", drawing.Text("ExposedPorts"));
    }

    [Theory]
    [InlineData("c0ffee00c0ff", "{}", null)]
    [InlineData("mine", "{}", "mine")]
    [InlineData("mine", """{ "NetworkMode": "container:other" }""", null)]
    [InlineData("mine", """{ "UTSMode": "host" }""", null)]
    public void A_hostname_is_kept_where_it_is_a_persons(string hostname, string host, string? kept) =>
        Assert.Equal(kept, new Drawing { Config = $$"""{ "Hostname": "{{hostname}}" }""", Host = host }["Hostname"]?.GetValue<string>());

    [Fact]
    public void Labels_of_the_last_rollout_go_and_composes_image_is_the_new_one()
    {
        var drawing = new Drawing { Config = """{ "Labels": { "com.docker.compose.image": "sha256:old", "com.docker.compose.service": "web", "omis.agent.rollout": "r-1", "omis.agent.maker": "7" } }""" };
        Assert.Equal("""{"com.docker.compose.image":"sha256:new","com.docker.compose.service":"web","omis.agent.role":"web"}""", drawing.Text("Labels"));
    }
}
