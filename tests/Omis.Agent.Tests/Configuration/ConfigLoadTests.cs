using Omis.Agent.Configuration;

namespace Omis.Agent.Tests.Configuration;

public sealed class ConfigLoadTests : IDisposable
{
    private readonly ConfigSandbox sandbox = new();

    public void Dispose() => sandbox.Dispose();

    [Fact]
    public void A_missing_default_config_means_the_defaults()
    {
        Assert.SkipWhen(File.Exists("/etc/omis-agent.json"), "this machine has a config");
        var settings = ConfigFile.Load(null, sandbox.Environment).Settings!;
        Assert.Equal(TimeSpan.FromMinutes(5), settings.Check.Every);
        Assert.NotNull(settings.Engine.Endpoint);
    }

    [Fact]
    public void A_missing_config_that_was_named_is_an_error_that_names_it()
    {
        var missing = Path.Combine(sandbox.Folder, "absent.json");
        Assert.Equal($"{missing} does not exist", Assert.Single(ConfigFile.Load(missing, sandbox.Environment).Errors).ToString());
    }

    [Fact]
    public void A_file_is_read_with_its_own_folder_for_the_names_within()
    {
        var path = sandbox.Write("agent.json", """{ "registries": { "r.example.com": { "username": "u", "passwordFile": "registry-password" } } }""");
        Assert.Equal(ConfigSandbox.Secret, ConfigFile.Load(path, sandbox.Environment).Settings!.Registries["r.example.com"].Password);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData(".")]
    public void What_is_no_file_is_an_error(string path) => Assert.Single(ConfigFile.Load(path, sandbox.Environment).Errors);

    [Fact]
    public void A_file_without_end_is_refused()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "no endless file here");
        Assert.Contains("larger than 1024 KiB", ConfigFile.Load("/dev/zero", sandbox.Environment).Errors[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("\uFEFF{}")]
    [InlineData("// only\n{ /* comments */ }")]
    [InlineData("""{ "$schema": "./omis-agent.schema.json", "check": { "every": "5m", }, }""")]
    public void An_empty_object_comments_and_trailing_commas_are_valid(string json) => sandbox.Settings(json);

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{\n  \"check\": {\n    \"every\": 5m\n  }\n}", 3, 15)]
    [InlineData("{\n  \"ü\": }", 2, 8)]
    [InlineData("{} {}", 1, 4)]
    [InlineData("{ \"check\"", 1, 10)]
    [InlineData("{\n \"check\": \"\\ud800\" }", 2, 11)]
    [InlineData("{ \"\\udfff\": 1 }", 1, 3)]
    public void What_is_not_JSON_is_told_with_line_and_column(string json, int line, int column)
    {
        var error = sandbox.Error(json);
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.StartsWith($"line {line}, column {column}: ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_told_with_their_place() =>
        Assert.Equal((1, 13), Assert.Single(sandbox.Parse([.. "{ \"check\" : "u8, (byte)'"', 0xff, (byte)'"', (byte)'}']).Errors) switch { var e => (e.Line, e.Column) });

    [Fact]
    public void A_config_that_nests_too_deep_is_refused() =>
        Assert.Contains("depth", sandbox.Error(new string('[', 100_000)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_password_without_its_quotation_marks_is_not_repeated() =>
        Assert.DoesNotContain("hunter2", sandbox.Error("""{ "registries": { "r.io": { "password": ts3cr3t'hunter2 } } }""").ToString(), StringComparison.Ordinal);
}
