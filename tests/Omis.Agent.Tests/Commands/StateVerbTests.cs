namespace Omis.Agent.Tests.Commands;

/// <summary>Verbs that change what is remembered: quarantine and pauses.</summary>
public sealed class StateVerbTests : IDisposable
{
    private readonly Cli cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task A_digest_that_failed_is_listed_and_can_be_cleared_by_its_first_digits()
    {
        await cli.WithUpdate().WithSick().RunAsync("run", "--once");

        var entry = (await cli.RunAsync("quarantine", "list", "--json")).Json.GetProperty("entries")[0];
        Assert.Equal(["digest", "image", "project", "service", "reason", "rollout", "at"], entry.EnumerateObject().Select(property => property.Name));
        Assert.Equal(Cli.New.Value, entry.GetProperty("digest").GetString());
        Assert.Equal(
            """
            DIGEST         WORKLOAD       IMAGE                           SINCE                 REASON
            bbbbbbbbbbbb   shop/backend   127.0.0.1:5000/backend:latest   2026-05-01 12:00:00   exited: exit code 1

            """, (await cli.RunAsync("quarantine", "list")).Out);

        Assert.Equal("cleared bbbbbbbbbbbb (shop/backend); the next check tries again\n", (await cli.RunAsync("quarantine", "clear", Cli.New.Brief)).Out);
        Assert.Equal("no digest is quarantined\n", (await cli.RunAsync("quarantine", "list")).Out);
    }

    [Fact]
    public async Task Clearing_without_a_digest_clears_all()
    {
        await cli.WithUpdate().WithSick().RunAsync("run", "--once");

        var cleared = (await cli.RunAsync("quarantine", "clear", "--json")).Json.GetProperty("cleared");

        Assert.Equal(Cli.New.Value, cleared[0].GetProperty("digest").GetString());
        Assert.Equal("""{"cleared":[]}""" + "\n", (await cli.RunAsync("quarantine", "clear", "--json")).Out);
    }

    [Fact]
    public async Task A_pause_is_told_with_its_end_and_its_reason_and_ends_with_resume()
    {
        var paused = (await cli.RunAsync("pause", "shop", "--for", "2h", "--reason", "release", "--json")).Json.GetProperty("paused");
        Assert.Equal("""{"project":"shop","until":"2026-05-01T14:00:00Z","reason":"release","actor":"ann","since":"2026-05-01T12:00:00Z"}""", paused.GetRawText());

        Assert.Equal("resumed shop\n", (await cli.RunAsync("resume")).Out);
        Assert.Equal("nothing was paused\n", (await cli.RunAsync("resume")).Out);
    }

    [Fact]
    public async Task A_person_reads_until_when()
    {
        Assert.Equal("everything is paused until resumed by ann; checks go on, nothing is touched\n", (await cli.RunAsync("pause")).Out);
        Assert.Equal("shop is paused until 2026-05-01 12:30:00 by ann: lunch; checks go on, nothing is touched\n", (await cli.RunAsync("pause", "shop", "--for", "30m", "--reason", "lunch")).Out);
    }

    [Fact]
    public async Task Resuming_a_project_while_everything_is_paused_says_so()
    {
        await cli.RunAsync("pause");

        var said = await cli.RunAsync("resume", "shop");

        Assert.Equal("nothing was paused\n", said.Out);
        Assert.Equal("warning: everything is paused until resumed by ann; 'omis-agent resume' ends that\n", said.Error);
    }

    [Fact]
    public async Task A_name_that_the_last_cycle_did_not_see_is_paused_with_a_warning()
    {
        cli.WithUpdate();
        await cli.RunAsync("run", "--once");

        Assert.Equal("warning: the last cycle saw no project 'shpo'; there were: shop\n", (await cli.RunAsync("pause", "shpo")).Error);
        Assert.Equal("", (await cli.RunAsync("pause", "shop")).Error);
    }
}
