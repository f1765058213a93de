using System.Text.Json;

namespace Omis.Agent.Tests.Commands;

public sealed class HistoryVerbTests : IDisposable
{
    private readonly Cli cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Newest_comes_first_with_actor_and_the_reason_given()
    {
        await cli.WithUpdate().RunAsync("update", "--actor", "bob", "--reason", "hot fix");
        cli.Time.Advance(TimeSpan.FromHours(1));
        await cli.WithUpdate("frontend").WithSick("frontend").RunAsync("run", "--once");

        var said = await cli.RunAsync("history", "--json");

        Assert.Equal(["entries"], said.Json.EnumerateObject().Select(property => property.Name));
        var entries = said.Json.GetProperty("entries").EnumerateArray().ToArray();
        Assert.Equal(["reverted", "committed"], Values(entries, "outcome"));
        Assert.Equal(["poll", "manual"], Values(entries, "trigger"));
        Assert.Equal("bob", entries[1].GetProperty("actor").GetString());
        Assert.Equal("hot fix", entries[1].GetProperty("comment").GetString());
    }

    [Fact]
    public async Task Who_does_not_say_who_he_is_is_the_user()
    {
        await cli.WithUpdate().RunAsync("update", "shop", "backend");

        Assert.Equal("ann", (await cli.RunAsync("history", "--json")).Json.GetProperty("entries")[0].GetProperty("actor").GetString());
    }

    [Fact]
    public async Task One_project_a_time_or_an_id_narrow_it_down()
    {
        await cli.WithUpdate().RunAsync("run", "--once");
        cli.Time.Advance(TimeSpan.FromHours(3));
        await cli.WithUpdate("mail", project: "post").RunAsync("run", "--once");
        var all = (await cli.RunAsync("history", "--json")).Json.GetProperty("entries").EnumerateArray().ToArray();
        var oldest = all[1].GetProperty("id").GetString()!;

        Assert.Equal(["post", "shop"], Values(all, "project"));
        Assert.Equal(["shop"], await ProjectsAsync("shop"));
        Assert.Equal(["post"], await ProjectsAsync("--since", "2h"));
        Assert.Equal(["post"], await ProjectsAsync("--since", "2026-05-01T14:00:00+01:00"));
        Assert.Equal(["shop"], await ProjectsAsync("--id", oldest));
        Assert.Empty(await ProjectsAsync("nobody"));
    }

    [Fact]
    public async Task A_person_sees_a_table()
    {
        await cli.WithUpdate().RunAsync("update", "--reason", "hot fix");
        cli.Time.Advance(TimeSpan.FromHours(1));
        await cli.WithUpdate("frontend").WithSick("frontend").RunAsync("run", "--once");

        Assert.Equal(
            """
            TIME                  ID   PROJECT   OUTCOME     TOOK   BY             REASON
            2026-05-01 13:00:00   ID   shop      reverted    0 ms   poll           exited: exit code 1
            2026-05-01 12:00:00   ID   shop      committed   0 ms   manual (ann)   hot fix

            """, Narrow((await cli.RunAsync("history")).Steady));
    }

    [Fact]
    public async Task And_all_about_one_rollout_where_he_names_it()
    {
        await cli.WithUpdate().WithSick().RunAsync("update", "--reason", "hot fix");
        var id = (await cli.RunAsync("history", "--json")).Json.GetProperty("entries")[0].GetProperty("id").GetString()!;

        Assert.Equal(
            """
            rollout ID
            from 2026-05-01 12:00:00 to 2026-05-01 12:00:00, by manual (ann)
            reason given: hot fix
            shop: reverted after 0 ms
              because exited: exit code 1
              SERVICE   ACTION     FROM           TO             OUTCOME    DOWN   BACK AFTER
              backend   recreate   aaaaaaaaaaaa   bbbbbbbbbbbb   reverted   0 ms   0 ms
              the new backend (exit code 1) said last:
                | starting
                | cannot open database
              next: what ran before runs again. What failed is not tried again until its tag moves; 'omis-agent quarantine list' names it, 'quarantine clear' lets it be tried again

            """, (await cli.RunAsync("history", "--id", id)).Steady);
    }

    [Fact]
    public async Task Before_anything_happened_it_says_so() => Assert.Equal("nothing has happened yet\n", (await cli.RunAsync("history")).Out);

    private static IEnumerable<string?> Values(IEnumerable<JsonElement> entries, string name) => entries.Select(entry => entry.GetProperty(name).GetString());

    /// <summary>The column of ids is as wide as an id.</summary>
    private static string Narrow(string table) => table.Replace("ID" + new string(' ', 27), "ID   ", StringComparison.Ordinal);

    private async Task<IEnumerable<string?>> ProjectsAsync(params string[] narrower) =>
        Values((await cli.RunAsync(["history", .. narrower, "--json"])).Json.GetProperty("entries").EnumerateArray(), "project");
}
