using System.Text.Json;
using Omis.Agent.Configuration;
using Omis.Agent.Importing;
using Omis.Agent.Tests.Commands;
using Omis.Agent.Tests.Examining;

namespace Omis.Agent.Tests.Importing;

public sealed class ImportTests : IDisposable
{
    private const string Image = "containrrr/watchtower";

    private readonly Cli cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task A_run_line_with_quotes_and_lines_that_go_on_becomes_a_config()
    {
        var said = await ImportAsync("""
            # how it was started
            sudo docker run -d --name watchtower \
              -v /var/run/docker.sock:/var/run/docker.sock -v "$HOME/.docker/config.json:/config.json" \
              --restart=unless-stopped -e 'TZ=Europe/Berlin' --env WATCHTOWER_NOTIFICATIONS_HOSTNAME="web 1" \
              containrrr/watchtower:1.7.1 --schedule "0 0 4 * * *" -cd --monitor-only
            echo started
            """);

        Assert.Equal(0, said.Code);
        Assert.Equal("""{"check":{"timeZone":"Europe/Berlin","cron":"0 0 4 * * *"},"defaults":{"update":"notify"},"log":{"level":"debug"},"notify":{"host":"web 1"}}""", Compact(said.Json));
        Assert.Equal(["mount /home/ann/.docker/config.json"], Notes(said.Json, "missing"));
        Assert.Equal(["--cleanup"], Notes(said.Json, "already"));
    }

    [Fact]
    public async Task A_compose_file_becomes_a_config_and_labels_are_accounted_for()
    {
        await File.WriteAllTextAsync(Path.Combine(cli.Folder, ".env"), "HOOK=https://hooks.slack.com/services/a/b/planted-secret\n", TestContext.Current.CancellationToken);
        var said = await ImportAsync($$"""
            services:
              web:
                image: nginx
                labels:
                  - com.centurylinklabs.watchtower.enable=true
                  - com.centurylinklabs.watchtower.lifecycle.pre-update=/dump.sh
              watchtower:
                image: ghcr.io/{{Image}}:latest
                environment:
                  WATCHTOWER_LABEL_ENABLE: "true"
                  WATCHTOWER_POLL_INTERVAL: ${INTERVAL:-300}
                  WATCHTOWER_NOTIFICATIONS: slack
                  WATCHTOWER_NOTIFICATION_SLACK_HOOK_URL: ${HOOK}
                  WATCHTOWER_NOTIFICATIONS_LEVEL: error
                  WATCHTOWER_INCLUDE_STOPPED: "true"
                command: ["--rolling-restart"]
            """);

        Assert.Equal("""{"check":{"every":"5m"},"defaults":{"optIn":true},"notify":{"slack":[{"webhookUrlFile":"slack-url","minimumSeverity":"error"}]}}""", Compact(said.Json));
        Assert.Equal(["WATCHTOWER_INCLUDE_STOPPED", "label com.centurylinklabs.watchtower.lifecycle.pre-update of web"], Notes(said.Json, "missing"));
        Assert.Equal("slack-url", said.Json.GetProperty("secrets")[0].GetProperty("file").GetString());
        Assert.DoesNotContain("planted-secret", said.Out + said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_live_container_is_read_from_the_engine_and_names_are_resolved_there()
    {
        var socket = Path.Combine(cli.Folder, "engine.sock");
        await using var engine = await EngineServer.StartAsync(socket, containers: path => path switch
        {
            "/containers/json" => $$"""[ { "Id": "w1", "Names": ["/tower"] }, { "Id": "b1", "Names": ["/shop-backend-1"] } ]""",
            "/containers/w1/json" => $$"""{ "Name": "/tower", "Config": { "Image": "{{Image}}:1.7.1", "Cmd": ["shop-backend-1", "alone"], "Env": ["PATH=/", "WATCHTOWER_HTTP_API_UPDATE=true", "WATCHTOWER_HTTP_API_TOKEN=planted-secret"] }, "HostConfig": { "PortBindings": { "8080/tcp": [ { "HostIp": "", "HostPort": "9090" } ] } } }""",
            "/containers/b1/json" => """{ "Name": "/shop-backend-1", "Config": { "Image": "shop", "Labels": { "com.centurylinklabs.watchtower.scope": "a" } } }""",
            _ => null,
        });
        cli.Source.Runs("backend", Cli.Old);
        cli.ConfigText($$"""{ "engine": { "endpoint": "unix://{{socket}}" }, "state": { "directory": "{{cli.StateDirectory}}" } }""");

        var said = await cli.RunAsync("import-watchtower", "--json");

        Assert.Equal("""{"check":{"every":"24h"},"defaults":{"update":"never"},"projects":{"shop":{"services":{"backend":{"update":"auto"}}},"alone":{"update":"auto"}},"control":{"listen":"0.0.0.0:9090","tokenFile":"http-api-token"}}""", Compact(said.Json));
        Assert.Contains("label com.centurylinklabs.watchtower.scope of shop-backend-1", Notes(said.Json, "missing"));
        Assert.DoesNotContain("planted-secret", said.Out + said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_folder_for_secrets_the_printed_config_is_valid_as_it_is()
    {
        var secrets = Path.Combine(cli.Folder, "secrets");
        await File.WriteAllTextAsync(Path.Combine(cli.Folder, "run.sh"), $"docker run {Image} --notification-url 'gotify://push.example.com/planted-secret' --notification-url discord://token@123 --http-api-update --http-api-token planted-token-of-sixteen -H tcp://10.0.0.1:2375", TestContext.Current.CancellationToken);

        var said = await cli.RunAsync("import-watchtower", Path.Combine(cli.Folder, "run.sh"), "--secrets", secrets);

        Assert.Equal(0, said.Code);
        Assert.Equal("gotify://push.example.com/planted-secret", await File.ReadAllTextAsync(Path.Combine(secrets, "shoutrrr-url"), TestContext.Current.CancellationToken));
        Assert.Equal(["http-api-token", "shoutrrr-url", "shoutrrr-url-2"], Directory.GetFiles(secrets).Select(Path.GetFileName).Order());
        Assert.DoesNotContain("planted", said.Out + said.Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(cli.Folder, "new.json"), said.Out, TestContext.Current.CancellationToken);
        Assert.Empty(ConfigFile.Load(Path.Combine(cli.Folder, "new.json"), cli.Environment).Errors);
    }

    [Theory]
    [InlineData("@every 1h30m", "every", "1h30m")]
    [InlineData("@daily", "cron", "0 0 0 * * *")]
    [InlineData("0 30 3 * *", "cron", "0 30 3 * * *")]
    [InlineData("0 0 */6 ? * MON-FRI", "cron", "0 0 */6 ? * MON-FRI")]
    public async Task Schedules_mean_what_they_meant(string schedule, string key, string value)
    {
        var said = await ImportAsync($"docker run {Image} --schedule '{schedule}'");

        Assert.Equal(value, said.Json.GetProperty("config").GetProperty("check").GetProperty(key).GetString());
        Assert.Empty(Errors(said));
    }

    [Theory]
    [InlineData("docker run nginx", "the command runs nginx, expected an image called watchtower")]
    [InlineData("docker run containrrr/watchtower 'open", "a ' is opened and never closed")]
    [InlineData("docker run -e TOKEN=$(cat token) containrrr/watchtower", "the command runs another one")]
    [InlineData("docker run -e TOKEN=$NOWHERE containrrr/watchtower", "the command uses the variable NOWHERE, which is not set here")]
    [InlineData("services: { web: { image: nginx } }", "no service's image is called watchtower; the services are: web")]
    [InlineData("services: [", "this is neither a 'docker run' command nor a compose file: line ")]
    [InlineData("hello", "this is neither a 'docker run' command nor a compose file")]
    public async Task What_is_no_watchtower_is_2_and_says_what_was_found(string text, string message)
    {
        var said = await ImportAsync(text);

        Assert.Equal(2, said.Code);
        Assert.StartsWith(message, said.Json.GetProperty("error").GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Each option alone, as an argument and as a variable: it is accounted for, and what it becomes is a valid config.</summary>
    [Theory]
    [MemberData(nameof(Flags))]
    public async Task Every_flag_and_variable_is_mapped_or_named(string flag)
    {
        var option = WatchtowerOptions.All.Single(option => option.Flag == flag);
        var value = Sample(flag);
        var given = option.Kind == OptionKind.Switch ? $"--{flag}" : $"--{flag}={value}";
        var asArgument = await ImportAsync($"docker run {Image} {given}");

        Assert.Contains(asArgument.Json.GetProperty("notes").EnumerateArray(), note => note.GetProperty("what").GetString() == $"--{flag}" && note.GetProperty("text").GetString()!.Length > 5);
        Assert.DoesNotContain(Errors(asArgument), error => !error.Contains("a file that exists", StringComparison.Ordinal) && !error.Contains("does not exist", StringComparison.Ordinal));
        if (option.Environment is { } variable)
        {
            var asVariable = await ImportAsync($"docker run -e {variable}={(option.Kind == OptionKind.Switch ? "true" : value)} {Image}");
            Assert.Contains(asVariable.Json.GetProperty("notes").EnumerateArray(), note => note.GetProperty("what").GetString() == variable);
            Assert.Equal(Compact(asArgument.Json), Compact(asVariable.Json));
        }
    }

    public static TheoryData<string> Flags => [.. WatchtowerOptions.All.Select(option => option.Flag)];

    [Fact]
    public async Task What_watchtower_itself_does_not_know_is_named()
    {
        var said = await ImportAsync($"docker run -e WATCHTOWER_MAGIC=1 {Image} --sparkle");

        Assert.Equal(["WATCHTOWER_MAGIC", "--sparkle"], Notes(said.Json, "missing"));
    }

    [Fact]
    public async Task A_person_gets_the_config_on_standard_output_and_the_account_beside_it()
    {
        await File.WriteAllTextAsync(Path.Combine(cli.Folder, "run"), $"docker run {Image} --remove-volumes -i 60", TestContext.Current.CancellationToken);

        var said = await cli.RunAsync("import-watchtower", Path.Combine(cli.Folder, "run"));

        Assert.Equal("1m", JsonDocument.Parse(said.Out).RootElement.GetProperty("check").GetProperty("every").GetString());
        Assert.Contains("No equivalent:", said.Error, StringComparison.Ordinal);
        Assert.Contains("--remove-volumes", said.Error, StringComparison.Ordinal);
    }

    private async Task<Cli.Said> ImportAsync(string text)
    {
        cli.Environment["HOME"] = "/home/ann";
        var file = Path.Combine(cli.Folder, "given");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        return await cli.RunAsync("import-watchtower", file, "--json");
    }

    private static string Sample(string flag) => flag switch
    {
        "host" => "tcp://10.0.0.1:2375",
        "interval" or "stop-timeout" or "notifications-delay" or "notification-email-delay" => "60",
        "schedule" => "@hourly",
        "notification-url" => "gotify://push.example.com/token",
        "notifications-level" or "log-level" => "error",
        "log-format" => "json",
        "notification-email-server-port" => "587",
        _ => "some-value",
    };

    private IEnumerable<string> Errors(Cli.Said said)
    {
        var config = System.Text.Encoding.UTF8.GetBytes(said.Json.GetProperty("config").GetRawText());
        return ConfigFile.Parse(config, cli.Folder, new Dictionary<string, string>()).Errors.Select(error => error.ToString());
    }

    private static string Compact(JsonElement document) => JsonSerializer.Serialize(document.GetProperty("config"));

    private static IEnumerable<string> Notes(JsonElement document, string fate) =>
        document.GetProperty("notes").EnumerateArray().Where(note => note.GetProperty("fate").GetString() == fate).Select(note => note.GetProperty("what").GetString()!);
}
