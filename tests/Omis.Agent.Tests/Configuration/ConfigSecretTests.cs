namespace Omis.Agent.Tests.Configuration;

/// <summary>Texts from files and from the environment, which no error ever shows.</summary>
public sealed class ConfigSecretTests : IDisposable
{
    private readonly ConfigSandbox sandbox = new();

    public ConfigSecretTests() => sandbox.Environment["TOKEN"] = ConfigSandbox.Secret;

    public void Dispose() => sandbox.Dispose();

    [Theory]
    [InlineData("a\n", "a")]
    [InlineData("a\r\n", "a")]
    [InlineData("a\n\n", "a\n")]
    [InlineData(" a ", " a ")]
    public void A_file_gives_its_text_without_the_final_newline(string content, string password)
    {
        sandbox.Write("pw", content);
        Assert.Equal(password, Password("\"passwordFile\": \"pw\""));
    }

    [Fact]
    public void The_credentials_directory_comes_first_and_the_config_s_own_folder_second()
    {
        sandbox.Environment["CREDENTIALS_DIRECTORY"] = Path.Combine(sandbox.Folder, "credentials");
        sandbox.Write("credentials/pw", "credential");
        sandbox.Write("pw", "beside");
        Assert.Equal("credential", Password("\"passwordFile\": \"pw\""));
        Assert.Equal(ConfigSandbox.Secret, Password("\"passwordFile\": \"registry-password\""));
    }

    [Theory]
    [InlineData("${TOKEN}", ConfigSandbox.Secret)]
    [InlineData("a${TOKEN}b${TOKEN}", "a" + ConfigSandbox.Secret + "b" + ConfigSandbox.Secret)]
    [InlineData("$${TOKEN}", "${TOKEN}")]
    [InlineData("$$${TOKEN}", "$${TOKEN}")]
    [InlineData("$TOKEN $$ {}", "$TOKEN $$ {}")]
    public void A_variable_is_filled_in_unless_escaped(string written, string password) =>
        Assert.Equal(password, Password($"\"password\": \"{written}\""));

    [Fact]
    public void Any_text_may_come_from_a_file_or_a_variable()
    {
        sandbox.Write("every", "90s\n");
        sandbox.Environment["MODE"] = "never";
        var settings = sandbox.Settings("""{ "check": { "everyFile": "every" }, "defaults": { "update": "${MODE}" } }""");
        Assert.Equal((90, Core.Observing.UpdateMode.Never), (settings.Check.Every.TotalSeconds, settings.Defaults.Update));
    }

    [Theory]
    [InlineData("\"password\": \"${ABSENT}\"", ".password", "the environment variable ABSENT is not set")]
    [InlineData("\"password\": \"${}\"", ".password", "expected ${NAME}, or $${")]
    [InlineData("\"password\": \"${TOKEN\"", ".password", "expected ${NAME}, or $${")]
    [InlineData("\"password\": \"\"", ".password", "found another text, expected a text that is not empty")]
    [InlineData("\"password\": 12345", ".password", "found a number, expected a text")]
    [InlineData("\"passwordFile\": 12345", ".passwordFile", "expected the name of a file")]
    [InlineData("\"passwordFile\": \"empty\"", ".passwordFile", "found the content of ")]
    [InlineData("\"passwordFile\": \"binary\"", ".passwordFile", "is not UTF-8 text")]
    [InlineData("\"passwordFile\": \"absent\"", ".passwordFile", "absent does not exist; expected a file that holds the text")]
    [InlineData("\"passwordFile\": \"${TOKEN}\"", ".passwordFile", "the file that the variables name does not exist")]
    [InlineData("\"passwordFile\": \".\"", ".passwordFile", "is a directory")]
    [InlineData("\"passwordFile\": \"/dev/zero\"", ".passwordFile", "is larger than 64 KiB")]
    [InlineData("\"password\": \"a\", \"passwordFile\": \"hook-secret\"", ".passwordFile", "'password' and 'passwordFile' are both given; remove one")]
    public void What_cannot_be_had_is_told_without_showing_it(string password, string path, string message)
    {
        sandbox.Write("empty", "\n");
        File.WriteAllBytes(Path.Combine(sandbox.Folder, "binary"), [0xff, 0xfe, 0x00]);
        var error = sandbox.Error($$"""{ "registries": { "r.io": { "username": "u", {{password}} } } }""");
        Assert.Equal("registries[\"r.io\"]" + path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("12345", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(ConfigSandbox.Secret, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "check": { "every": "${TOKEN}" } }""")]
    [InlineData("""{ "check": { "everyFile": "hook-secret" } }""")]
    [InlineData("""{ "engine": { "caFile": "${TOKEN}" } }""")]
    [InlineData("""{ "notify": { "slack": [ { "webhookUrl": "hooks.slack.com/s3cr3t-hunter2" } ] } }""")]
    [InlineData("""{ "notify": { "webhook": [ { "urlFile": "hook-secret" } ] } }""")]
    [InlineData("""{ "projects": { "a": { "services": { "b": { "probes": [ { "http": "http://a", "headers": { "Authorization": "s3cr3t-hunter2\n" } } ] } } } } }""")]
    public void No_error_shows_a_secret(string json) =>
        Assert.DoesNotContain("hunter2", sandbox.Error(json).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Settings_do_not_show_their_secrets_as_text()
    {
        var settings = sandbox.Settings(ConfigSandbox.Example);
        var text = string.Join("\n", [settings.ToString(), settings.Control.ToString(), .. settings.Notify.Channels.Select(channel => channel.ToString()), settings.Notify.ToString(), .. settings.Registries.Values.Select(registry => registry.ToString())]);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
    }

    private string? Password(string property) =>
        sandbox.Settings($$"""{ "registries": { "r.io": { "username": "u", {{property}} } } }""").Registries["r.io"].Password;
}
