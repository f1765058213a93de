namespace Omis.Agent.Tests.Commands;

public sealed class UsageTests : IDisposable
{
    private readonly Cli cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("'chekc' is not a verb; did you mean 'check'?", "chekc")]
    [InlineData("'frobnicate' is not a verb; there are: run, check, plan, update, rollback, can-rollback, pin, unpin, history, status, quarantine, pause, resume, validate, doctor, schema, import-watchtower, completion", "frobnicate")]
    [InlineData("which verb? There are: run, check, plan, update, rollback, can-rollback, pin, unpin, history, status, quarantine, pause, resume, validate, doctor, schema, import-watchtower, completion")]
    [InlineData("which verb? There are: list, clear", "quarantine")]
    [InlineData("Unrecognized command or argument '--loud'.", "check", "--loud")]
    [InlineData("--since: 'yesterday' is neither a time such as 2026-05-01T12:00:00Z nor a duration such as 2h", "history", "--since", "yesterday")]
    [InlineData("--for: '5 minutes' is not a duration such as 90s, 30m or 2h", "pause", "--for", "5 minutes")]
    [InlineData("--for: '0s' is not a duration such as 90s, 30m or 2h", "pause", "--for", "0s")]
    [InlineData("no digest 'cafe' is quarantined; there are: none", "quarantine", "clear", "cafe")]
    [InlineData("'--ignore-window' is not in this version", "update", "--ignore-window")]
    [InlineData("'--ignore-approval' is not in this version", "update", "shop", "--ignore-approval")]
    public async Task What_cannot_be_understood_is_2_and_says_what_would_be_right(string message, params string[] args)
    {
        var said = await cli.RunAsync([.. args, "--json"]);

        Assert.Equal(2, said.Code);
        Assert.Equal("usage", said.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(message, said.Json.GetProperty("error").GetProperty("detail").GetString());
        Assert.StartsWith("omis-agent: " + message, said.Error, StringComparison.Ordinal);
        Assert.Equal("", (await cli.RunAsync(args)).Out);
    }

    [Theory]
    [InlineData("approve", "01J")]
    [InlineData("reject", "01J")]
    public async Task Names_that_are_only_promised_are_refused_clearly(params string[] args)
    {
        var said = await cli.RunAsync([.. args, "--json"]);

        Assert.Equal(2, said.Code);
        Assert.Equal($"'{args[0]}' is not in this version", said.Json.GetProperty("error").GetProperty("detail").GetString());
    }

    [Fact]
    public async Task They_do_not_stand_in_the_help()
    {
        var help = (await cli.RunAsync("--help")).Out;

        Assert.Contains("quarantine", help, StringComparison.Ordinal);
        Assert.DoesNotContain("approve", help, StringComparison.Ordinal);
        Assert.DoesNotContain("--ignore-window", (await cli.RunAsync("update", "--help")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invalid_config_is_2_for_every_verb_and_shows_all_errors_at_once()
    {
        cli.ConfigText("""{ "chekc": {}, "defaults": { "soak": "soon" } }""");

        foreach (var verb in (string[])["check", "plan", "update", "status", "history", "pause", "resume", "run"])
        {
            var said = await cli.RunAsync(verb, "--json");

            Assert.Equal(2, said.Code);
            Assert.Equal(["chekc", "defaults.soak"], said.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("path").GetString()));
            Assert.Contains("config: defaults.soak: ", said.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_word_that_names_no_log_level_is_refused()
    {
        cli.Environment["OMIS_LOG"] = "loud";

        var said = await cli.WithUpdate().RunAsync("run", "--once");

        Assert.Equal(2, said.Code);
        Assert.Contains("OMIS_LOG is 'loud'; expected debug, information, warning or error", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_has_its_number_first() =>
        Assert.Matches("^omis-agent [0-9]+\\.[0-9]+\\.[0-9]+", (await cli.RunAsync("--version")).Out);
}
