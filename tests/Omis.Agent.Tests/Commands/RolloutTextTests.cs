using Omis.Agent.Core.Naming;

namespace Omis.Agent.Tests.Commands;

/// <summary>What a person reads, to the letter.</summary>
public sealed class RolloutTextTests : IDisposable
{
    private readonly Cli cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Check_is_a_table()
    {
        cli.WithUpdate().Source.Runs("mail", Cli.Old, "post");
        cli.Registry.Has("mail", Cli.Old);

        Assert.Equal(
            """
            PROJECT   SERVICE   REPLICAS   RUNNING        LATEST         STATE             IMAGE
            post      mail      1          aaaaaaaaaaaa   aaaaaaaaaaaa   upToDate          127.0.0.1:5000/mail:latest
            shop      backend   1          aaaaaaaaaaaa   bbbbbbbbbbbb   updateAvailable   127.0.0.1:5000/backend:latest

            """, (await cli.RunAsync("check")).Out);
    }

    [Fact]
    public async Task Plan_numbers_its_waves_and_names_who_is_left_alone()
    {
        cli.WithUpdate().Config(""", "projects": { "post": { "update": "never" } }""").Source.Runs("mail", Cli.Old, "post");

        Assert.Equal(
            """
            wave 1
              shop/backend   recreate   aaaaaaaaaaaa → bbbbbbbbbbbb   (new digest)

            left alone
              post/mail   updateNever   update is never

            """, (await cli.RunAsync("plan")).Out);
    }

    [Fact]
    public async Task An_update_tells_each_step_on_standard_error_and_its_end_on_standard_output()
    {
        var said = await cli.WithUpdate().RunAsync("update");

        Assert.Equal(
            """
            shop: committed after 0 ms
              SERVICE   ACTION     FROM           TO             OUTCOME     DOWN   BACK AFTER
              backend   recreate   aaaaaaaaaaaa   bbbbbbbbbbbb   committed   -      -

            """, said.Out);
        Assert.Equal(
            """
            12:00:00 shop: updating backend (rollout ID)
            12:00:00 shop/backend: pulling 12.3 MB of 45.6 MB
            12:00:00 shop/backend: staging
            12:00:00 shop/backend: staged
            12:00:00 shop/backend: swapping
            12:00:00 shop/backend: probing
            12:00:00 shop/backend: healthy
            12:00:00 shop/backend: committed
            12:00:00 shop: committed after 0 ms

            """, new Cli.Said(0, said.Error, "").Steady);
    }

    [Fact]
    public async Task On_a_terminal_lines_are_drawn_over_and_gone_in_the_end()
    {
        cli.IsTerminal = true;

        var said = await cli.WithUpdate().RunAsync("update");

        Assert.Contains("  backend   staging\n\e[2F\e[0J", said.Error, StringComparison.Ordinal);
        Assert.EndsWith("\e[2F\e[0J", said.Error, StringComparison.Ordinal);
        Assert.StartsWith("shop: committed", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_is_told_after_what_was_done()
    {
        await cli.WithUpdate().RunAsync("pause", "--reason", "release");

        Assert.Equal(
            """
            not updated
              shop/backend   paused   everything is paused by ann: release
            nothing was rolled out: 0 of 1 service is up to date

            """, (await cli.RunAsync("update")).Out);
    }

    [Fact]
    public async Task An_engine_that_is_away_leaves_standard_output_empty()
    {
        cli.Source.Fault = new EnvironmentException(ReasonCode.EngineUnavailable, "engine at unix:///x: no such file");

        var said = await cli.RunAsync("check");

        Assert.Equal("", said.Out);
        Assert.Equal("omis-agent: engineUnavailable: engine at unix:///x: no such file\n", said.Error);
    }
}
