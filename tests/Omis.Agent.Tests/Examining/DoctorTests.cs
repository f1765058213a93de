using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Omis.Agent.Examining;
using Omis.Agent.Hosting;
using Omis.Agent.Testing;
using Omis.Agent.Tests.Commands;
using Omis.Agent.Tests.Registries;

namespace Omis.Agent.Tests.Examining;

/// <summary>Each thing that the service needs, broken on purpose: the doctor names it and its remedy, and all else is well.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly Cli cli = new();

    /// <summary>On a clock that goes on: what a registry is asked again for has to come.</summary>
    public DoctorTests() => cli.Registries = (settings, credentials, logging, _) => Composition.Outside.Registry(settings, credentials, logging, TimeProvider.System);

    private string Socket => Path.Combine(cli.Folder, "engine.sock");

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Where_all_is_well_it_is_0_and_every_part_says_so()
    {
        await using var engine = await EngineServer.StartAsync(Socket);
        await using var registry = await RegistryAsync();
        await using var channel = await ChannelServer.StartAsync();
        Config($$""", "registries": { "{{registry.Authority}}": {} }, "notify": { "webhook": [ { "url": "{{channel.Url}}/hook" } ] } """);

        var said = await cli.RunAsync("doctor", "--send-test", "--json");

        Assert.Equal(0, said.Code);
        Assert.True(said.Json.GetProperty("healthy").GetBoolean());
        Assert.Equal(["config ok", "socket ok", "engine ok", "state ok", "disk ok", "registry ok", "clock ok", "notify ok"], States(said.Json));
        Assert.Equal("omis.agent.test", Assert.Single(channel.Posts).Json.GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_person_reads_one_line_for_each_finding()
    {
        Config();

        var said = await cli.RunAsync("doctor");

        Assert.Equal(3, said.Code);
        var line = Assert.Single(said.Out.Split('\n'), line => line.Contains("socket", StringComparison.Ordinal) && line.StartsWith("failed", StringComparison.Ordinal));
        Assert.Contains($"{Socket}: there is no such socket → install and start Docker", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_being_asked_it_sends_nothing()
    {
        await using var engine = await EngineServer.StartAsync(Socket);
        await using var channel = await ChannelServer.StartAsync();
        Config($$""", "notify": { "webhook": [ { "url": "{{channel.Url}}/hook" } ] } """);

        var said = await cli.RunAsync("doctor", "--json");

        Assert.Contains("notify skipped", States(said.Json));
        Assert.Empty(channel.Posts);
        Assert.Equal(0, said.Code);
    }

    [Fact]
    public async Task A_config_with_errors_is_2_and_all_of_them_are_findings()
    {
        cli.ConfigText("""{ "chekc": {}, "defaults": { "soak": "soon" } }""");

        var said = await cli.RunAsync("doctor", "--json");

        Assert.Equal(2, said.Code);
        Assert.Equal(["config failed", "config failed", "engine skipped"], States(said.Json));
        Assert.False(said.Json.GetProperty("healthy").GetBoolean());
    }

    [Fact]
    public async Task A_project_that_does_not_run_is_taken_for_a_slip_of_the_pen()
    {
        await using var engine = await EngineServer.StartAsync(Socket);
        cli.Source.Runs("web", Cli.Old);
        cli.Source.With(workload => workload with { Replicas = [.. workload.Replicas.Select(replica => replica with { Digests = [] })] }, "web");
        Config(""", "projects": { "shpo": {}, "shop": { "services": { "wbe": {} } } } """);

        var said = await cli.RunAsync("doctor", "--json");

        Assert.Equal(0, said.Code);
        Assert.Equal(["projects.shop.services.wbe: there are: web", "projects.shpo: there are: shop"], Findings(said.Json, "warning").Select(finding => $"{finding.GetProperty("subject").GetString()}: {finding.GetProperty("remedy").GetString()}").Order());
    }

    [Fact]
    public async Task An_engine_that_is_away_is_told_apart_from_one_that_nobody_listens_for()
    {
        Config();
        Assert.Equal("there is no such socket", Detail(await cli.RunAsync("doctor", "--json"), "socket"));

        using (var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            listener.Bind(new UnixDomainSocketEndPoint(Socket));
        }

        await File.WriteAllTextAsync(Socket, "", TestContext.Current.CancellationToken);
        Assert.Equal("the socket is there, but nobody listens", Detail(await cli.RunAsync("doctor", "--json"), "socket"));
        Assert.Contains("usermod -aG docker", EngineExam.Of("/var/run/docker.sock", SocketError.AccessDenied).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_answers_but_is_no_engine_is_found_out()
    {
        await using var engine = await EngineServer.StartAsync(Socket, api: "");
        Config();

        var said = await cli.RunAsync("doctor", "--json");

        Assert.Equal(3, said.Code);
        Assert.Contains("is this a Docker engine?", Detail(said, "engine"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_older_than_what_was_tried_is_a_warning()
    {
        await using var engine = await EngineServer.StartAsync(Socket, api: "1.39");
        Config();

        var said = await cli.RunAsync("doctor", "--json");

        Assert.Equal(0, said.Code);
        Assert.Contains("engine warning", States(said.Json));
    }

    [Fact]
    public async Task A_state_that_cannot_be_kept_is_3()
    {
        await using var engine = await EngineServer.StartAsync(Socket);
        Config();
        await File.WriteAllTextAsync(cli.StateDirectory, "a file is in the way", TestContext.Current.CancellationToken);

        var said = await cli.RunAsync("doctor", "--json");

        Assert.Equal(3, said.Code);
        Assert.Contains("a file is in the way of", Detail(said, "state"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("logs/omis-agent.log", 0, "logs is writable")]
    [InlineData("later/omis-agent.log", 0, "later is not there yet and can be made in ")]
    [InlineData("logs/omis-agent-/omis-agent.log", 3, "omis-agent- a file is in the way of the directory → move it away, or change log.file.path")]
    [InlineData("/proc/omis-agent/omis-agent.log", 3, "cannot write in /proc (")]
    [InlineData("logs/stuck.log", 3, "stuck-20260102.log user ")]
    public async Task Log_files_that_cannot_be_written_are_3(string path, int code, string finding)
    {
        await using var engine = await EngineServer.StartAsync(Socket);
        var logs = Directory.CreateDirectory(Path.Combine(cli.Folder, "logs")).FullName;
        await File.WriteAllTextAsync(Path.Combine(logs, "omis-agent-"), "a file is in the way", TestContext.Current.CancellationToken);
        // Not even root can write where this leads.
        File.CreateSymbolicLink(Path.Combine(logs, "stuck-20260102.log"), "/nowhere/stuck.log");
        Config($$""", "log": { "file": { "path": "{{Path.Combine(cli.Folder, path)}}" } } """);

        var said = await cli.RunAsync("doctor", "--json");

        Assert.Equal(code, said.Code);
        var log = said.Json.GetProperty("findings").EnumerateArray().Single(one => one.GetProperty("check").GetString() == "log");
        Assert.Contains(finding, $"{log.GetProperty("subject").GetString()} {log.GetProperty("detail").GetString()} → {(log.TryGetProperty("remedy", out var remedy) ? remedy.GetString() : "")}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_database_is_found_and_left_where_it_is()
    {
        await using var engine = await EngineServer.StartAsync(Socket);
        Config();
        Directory.CreateDirectory(cli.StateDirectory);
        var database = Path.Combine(cli.StateDirectory, "omis-agent.db");
        await File.WriteAllTextAsync(database, new string('x', 4096), TestContext.Current.CancellationToken);

        var said = await cli.RunAsync("doctor", "--json");

        Assert.Equal(3, said.Code);
        Assert.Contains(Findings(said.Json, "failed"), finding => finding.GetProperty("subject").GetString() == "database");
        Assert.True(File.Exists(database));
    }

    [Fact]
    public async Task A_disk_below_its_floor_is_3()
    {
        await using var engine = await EngineServer.StartAsync(Socket);
        Config(engine: """, "keepFree": "900000TB" """);

        var said = await cli.RunAsync("doctor", "--json");

        Assert.Equal(3, said.Code);
        Assert.Contains("disk failed", States(said.Json));
    }

    [Fact]
    public async Task A_registry_that_refuses_the_login_is_3_and_never_shows_the_password()
    {
        await using var engine = await EngineServer.StartAsync(Socket);
        await using var registry = await ScriptedServer.StartAsync(Scripts.Challenge("""Basic realm="r" """));
        Config($$""", "registries": { "{{registry.Authority}}": { "username": "ci", "password": "planted-secret" } } """);

        var said = await cli.RunAsync("doctor", "--json");

        Assert.Equal(3, said.Code);
        Assert.Contains("registryUnauthorized", Detail(said, "registry"), StringComparison.Ordinal);
        Assert.DoesNotContain("planted-secret", said.Out + said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_is_away_is_3_and_an_image_that_runs_is_what_is_asked_for()
    {
        await using var engine = await EngineServer.StartAsync(Socket);
        await using var registry = await RegistryAsync();
        var image = $"{registry.Authority}/web:1";
        cli.Source.Runs("web", Cli.Old).With(workload => workload with { Image = image }, "web");
        Config();
        var well = await cli.RunAsync("doctor", "--json");
        await registry.DisposeAsync();

        var said = await cli.RunAsync("doctor", "--json");

        Assert.Contains($"says that {image} is", Detail(well, "registry"), StringComparison.Ordinal);
        Assert.Equal((0, 3), (well.Code, said.Code));
        Assert.Contains("registryUnavailable", Detail(said, "registry"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "Ok")]
    [InlineData(-12, "Ok")]
    [InlineData(45, "Warning")]
    [InlineData(-301, "Failed")]
    public void A_clock_that_is_wrong_against_every_registry_is_wrong(int seconds, string state) =>
        Assert.Equal(state, ClockExam.Examine([TimeSpan.FromSeconds(seconds), TimeSpan.FromDays(1)]).State.ToString());

    [Fact]
    public async Task A_wrong_clock_is_seen_by_a_registrys_own()
    {
        await using var engine = await EngineServer.StartAsync(Socket);
        await using var registry = await RegistryAsync(TimeSpan.FromHours(1));
        Config($$""", "registries": { "{{registry.Authority}}": {} } """);

        var said = await cli.RunAsync("doctor", "--json");

        Assert.Equal(3, said.Code);
        Assert.Equal("is 1h00m behind the registries'", Detail(said, "clock"));
    }

    [Fact]
    public async Task A_channel_that_refuses_is_3_and_its_address_stays_secret()
    {
        await using var engine = await EngineServer.StartAsync(Socket);
        await using var channel = await ChannelServer.StartAsync((_, _) => new Reply(404));
        Config($$""", "notify": { "slack": [ { "webhookUrl": "{{channel.Url}}/services/planted-secret" } ] } """);

        var said = await cli.RunAsync("doctor", "--send-test", "--json");

        Assert.Equal(3, said.Code);
        Assert.Contains("404", Detail(said, "notify"), StringComparison.Ordinal);
        Assert.DoesNotContain("planted-secret", said.Out + said.Error, StringComparison.Ordinal);
    }

    /// <summary>A registry whose clock is ahead of this machine's by that much.</summary>
    private Task<ScriptedServer> RegistryAsync(TimeSpan ahead = default) => ScriptedServer.StartAsync(context =>
    {
        context.Response.Headers.Date = (cli.Time.GetUtcNow() + ahead).ToString("R", CultureInfo.InvariantCulture);
        return context.Request.Path.Value == "/v2/" ? Task.CompletedTask : Scripts.Found(context);
    });

    private void Config(string more = "", string engine = "") => cli.ConfigText($$"""
        { "state": { "directory": "{{cli.StateDirectory}}" }, "engine": { "endpoint": "unix://{{Socket}}" {{engine}} } {{more}} }
        """);

    private static IEnumerable<string> States(JsonElement document) => document.GetProperty("findings").EnumerateArray().Select(finding => $"{finding.GetProperty("check").GetString()} {finding.GetProperty("state").GetString()}");

    private static IEnumerable<JsonElement> Findings(JsonElement document, string state) => document.GetProperty("findings").EnumerateArray().Where(finding => finding.GetProperty("state").GetString() == state);

    private static string Detail(Cli.Said said, string check) => said.Json.GetProperty("findings").EnumerateArray().First(finding => finding.GetProperty("check").GetString() == check).GetProperty("detail").GetString()!;
}
