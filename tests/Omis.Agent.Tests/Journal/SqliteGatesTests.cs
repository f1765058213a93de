using Omis.Agent.Core.Gating;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;
using Omis.Agent.Journal;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Journal;

/// <summary>What holds updates back between cycles: quarantine and pauses.</summary>
public sealed class SqliteGatesTests : IDisposable
{
    private readonly StateFolder folder = new();
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_digest_is_cleared_for_every_service_and_the_others_stay()
    {
        var state = folder.Open();
        var quarantine = new SqliteQuarantine(state);
        await Quarantine(state, Some.Quarantined(2, "a"), Some.Quarantined(2, "b"), Some.Quarantined(3, "a"));

        Assert.Equal([Some.Quarantined(2, "a"), Some.Quarantined(2, "b")], (await quarantine.ClearAsync(Some.Digest(2), ct)).OrderBy(entry => entry.Workload.Service));
        Assert.Empty(await quarantine.ClearAsync(Some.Digest(2), ct));
        Assert.Equal([Some.Quarantined(3, "a")], await quarantine.ListAsync(ct));
    }

    [Fact]
    public async Task All_digests_are_cleared_where_none_is_named()
    {
        var state = folder.Open();
        await Quarantine(state, Some.Quarantined(2), Some.Quarantined(3));

        Assert.Equal(2, (await new SqliteQuarantine(state).ClearAsync(null, ct)).Length);
        Assert.Empty(await new SqliteQuarantine(state).ListAsync(ct));
    }

    [Fact]
    public async Task A_digest_that_fails_again_is_listed_once_with_its_last_failure()
    {
        var state = folder.Open();
        await Quarantine(state, Some.Quarantined(2, rollout: "01A"));
        await Quarantine(state, Some.Quarantined(2, rollout: "01B"));

        Assert.Equal("01B", Assert.Single(await new SqliteQuarantine(state).ListAsync(ct)).Rollout);
    }

    [Fact]
    public async Task A_second_pause_of_a_project_replaces_the_first()
    {
        var pauses = new SqlitePauses(folder.Open());
        var first = new Pause("shop", Some.Moment.AddHours(2), "maintenance", "ada", Some.Moment);
        var second = first with { Until = null };
        var everything = new Pause(null, null, null, null, Some.Moment);

        await pauses.PauseAsync(first, ct);
        await pauses.PauseAsync(second, ct);
        await pauses.PauseAsync(everything, ct);

        Assert.Equal([everything, second], await pauses.ListAsync(ct));
    }

    [Fact]
    public async Task Resuming_ends_one_pause_or_all()
    {
        var pauses = new SqlitePauses(folder.Open());
        Pause Of(string? project) => new(project, null, null, null, Some.Moment);
        foreach (var project in (string?[])[null, "blog", "shop"])
        {
            await pauses.PauseAsync(Of(project), ct);
        }

        Assert.Equal([Of("shop")], await pauses.ResumeAsync("shop", ct));
        Assert.Empty(await pauses.ResumeAsync("shop", ct));
        Assert.Equal(2, (await pauses.ResumeAsync(null, ct)).Length);
        Assert.Empty(await pauses.ListAsync(ct));
    }

    [Fact]
    public async Task A_pin_that_was_replaced_meanwhile_is_not_taken_for_reached()
    {
        var pins = new SqlitePins(folder.Open());
        var first = new Pin(Some.Workload(), Some.Digest(1), "ada", null, Some.Moment);
        await pins.PinAsync(first, Some.Record("01A"), ct);
        await pins.ReachAsync([first], ct);
        Assert.True(Assert.Single(await pins.ListAsync(ct)).Reached);

        await pins.PinAsync(first with { Digest = Some.Digest(2) }, Some.Record("01B"), ct);
        await pins.ReachAsync([first], ct);
        Assert.False(Assert.Single(await pins.ListAsync(ct)).Reached);
    }

    [Fact]
    public async Task A_verb_that_only_looks_takes_an_older_agents_database_as_it_is()
    {
        await folder.Open().WriteAsync(database => database.Execute("DROP TABLE pins; DROP TABLE outbox; DROP TABLE threads; DROP TABLE registries; PRAGMA user_version = 1"), ct);
        folder.CloseAll();
        Assert.Empty(await new SqlitePins(folder.OpenForReading()).ListAsync(ct));
        await new SqlitePins(folder.Open()).PinAsync(new Pin(Some.Workload(), Some.Digest(1), null, null, Some.Moment), Some.Record("01A"), ct);
        Assert.Single(await new SqlitePins(folder.OpenForReading()).ListAsync(ct));
    }

    private Task Quarantine(StateDatabase state, params QuarantinedDigest[] entries) =>
        new SqliteJournal(state).CloseAsync("01A", Some.Record("01A", Outcome.Reverted), [.. entries], [], ct);
}
