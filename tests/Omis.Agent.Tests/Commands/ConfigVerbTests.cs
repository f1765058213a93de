using System.Text.Json;

namespace Omis.Agent.Tests.Commands;

public sealed class ConfigVerbTests : IDisposable
{
    private readonly Cli cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task A_valid_config_is_called_valid()
    {
        Assert.Equal("configuration is valid\n", (await cli.RunAsync("validate")).Out);
        Assert.Equal("""{"valid":true,"errors":[],"warnings":[]}""" + "\n", (await cli.RunAsync("validate", "--json")).Out);
    }

    [Fact]
    public async Task Every_error_is_shown_with_its_path()
    {
        cli.ConfigText("""{ "defaults": { "soak": "soon", "keepPrevious": -1 } }""");

        var said = await cli.RunAsync("validate");

        Assert.Equal(2, said.Code);
        Assert.StartsWith("error: defaults.soak: ", said.Out, StringComparison.Ordinal);
        Assert.Contains("\nerror: defaults.keepPrevious: ", said.Out, StringComparison.Ordinal);
        Assert.EndsWith("configuration is not valid: 2 errors\n", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_and_warnings_are_data_too()
    {
        cli.ConfigText("""{ "check": { "every": "never" }, "control": { "token": "short" } }""");

        var said = await cli.RunAsync("validate", "--json");

        Assert.Equal(2, said.Code);
        Assert.False(said.Json.GetProperty("valid").GetBoolean());
        Assert.Equal("check.every", said.Json.GetProperty("errors")[0].GetProperty("path").GetString());
        Assert.NotEqual("", said.Json.GetProperty("errors")[0].GetProperty("message").GetString());
        Assert.Equal("control.token", said.Json.GetProperty("warnings")[0].GetProperty("path").GetString());
    }

    [Fact]
    public async Task Warnings_are_no_errors_and_stay_off_standard_output_of_other_verbs()
    {
        cli.Config(control: """, "token": "short" """);

        Assert.Equal(0, (await cli.RunAsync("validate")).Code);
        var said = await cli.RunAsync("status", "--json");
        Assert.Equal(JsonValueKind.Object, said.Json.ValueKind);
        Assert.StartsWith("warning: control.token: ", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_is_json_with_and_without_the_option_and_needs_no_config()
    {
        cli.ConfigText("not json");

        Assert.Equal("object", (await cli.RunAsync("schema")).Json.GetProperty("type").GetString());
        Assert.Equal((await cli.RunAsync("schema")).Out, (await cli.RunAsync("schema", "--json")).Out);
    }
}
