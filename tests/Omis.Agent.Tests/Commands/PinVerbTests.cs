using Microsoft.Extensions.Logging.Abstractions;
using Omis.Agent.Core.Recording;
using Omis.Agent.Journal;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Commands;

public sealed class PinVerbTests : IDisposable
{
    private readonly Cli cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task A_pinned_service_stays_while_the_rest_of_its_project_is_updated()
    {
        cli.WithUpdate().WithUpdate("frontend");
        var pinned = (await cli.RunAsync("pin", "shop", "backend", "--reason", "freeze", "--json")).Json.GetProperty("pinned");
        Assert.Equal($$"""{"project":"shop","service":"backend","digest":"{{Cli.Old.Value}}","actor":"ann","reason":"freeze","since":"2026-05-01T12:00:00Z"}""", pinned.GetRawText());

        var said = await cli.RunAsync("run", "--once", "--json");
        Assert.Equal(0, said.Code);
        Assert.Equal("frontend", said.Json.GetProperty("rollouts")[0].GetProperty("steps")[0].GetProperty("service").GetString());
        Assert.Contains("backend  pinned  held at", string.Join("  ", (await cli.RunAsync("update", "shop", "backend")).Out.Split((string[])["shop/", "   ", "  "], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pin_at_another_digest_is_gone_to_once_and_what_a_person_does_then_is_left_alone()
    {
        var there = Some.Digest(5);
        await cli.WithUpdate().RunAsync("pin", "shop", "backend", there.Value);
        var step = (await cli.RunAsync("run", "--once", "--json")).Json.GetProperty("rollouts")[0].GetProperty("steps")[0];
        Assert.Equal(there.Value, step.GetProperty("to").GetString());

        await cli.RunAsync("run", "--once");
        cli.Source.Runs("backend", Some.Digest(6));
        var cycle = (await cli.RunAsync("run", "--once", "--json")).Json;
        Assert.Empty(cycle.GetProperty("rollouts").EnumerateArray());
        Assert.Contains("what runs was put there by someone else", cycle.GetProperty("plan").GetProperty("skipped")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pins_and_their_ends_stand_in_history()
    {
        cli.WithUpdate();
        await cli.RunAsync("pin", "shop", "backend", "--actor", "bob");
        await cli.RunAsync("unpin", "shop", "backend");
        var kinds = (await cli.RunAsync("history", "--json")).Json.GetProperty("entries").EnumerateArray().Select(entry => $"{entry.GetProperty("kind")} {entry.GetProperty("actor")}");
        Assert.Equal(["unpin ann", "pin bob"], kinds);
        Assert.Contains($"backend at {Cli.Old.Brief}", (await cli.RunAsync("history")).Out, StringComparison.Ordinal);
        Assert.Equal("nothing was pinned\n", (await cli.RunAsync("unpin", "shop")).Out);
    }

    [Fact]
    public async Task A_pin_goes_before_update_never_and_a_pinned_digest_that_failed_holds_nobody_else()
    {
        var there = Some.Digest(5);
        cli.WithUpdate("frontend").WithUpdate().WithSick().Config(""", "projects": { "shop": { "services": { "backend": { "update": "never" } } } }""");
        await cli.RunAsync("pin", "shop", "backend", there.Value);
        Assert.Equal(4, (await cli.RunAsync("run", "--once")).Code);

        var again = (await cli.RunAsync("run", "--once", "--json")).Json;
        Assert.Equal(["frontend"], again.GetProperty("rollouts")[0].GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("service").GetString()));
        Assert.Equal("quarantined", again.GetProperty("plan").GetProperty("skipped")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Containers_that_differ_have_no_digest_in_common()
    {
        cli.WithUpdate().Source.With(workload => workload with { Replicas = [workload.Replicas[0], workload.Replicas[0] with { ContainerId = "2", Digests = [Cli.New] }] }, "backend");
        Assert.Equal(2, (await cli.RunAsync("pin", "shop", "backend")).Code);
        Assert.Equal(0, (await cli.RunAsync("pin", "shop", "backend", Cli.New.Brief)).Code);
    }

    [Fact]
    public async Task In_the_middle_of_a_rollout_nothing_is_pinned()
    {
        cli.WithUpdate();
        var state = StateDatabase.Open(cli.StateDirectory, cli.Time, NullLogger<StateDatabase>.Instance);
        await new SqliteJournal(state).AppendAsync("01A", new JournalEntry.Started(Some.Header("01A")), TestContext.Current.CancellationToken);
        state.Dispose();
        var said = await cli.RunAsync("pin", "shop", "backend");
        Assert.Equal(7, said.Code);
        Assert.Contains("a rollout of shop has not ended", said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pin", "shop", "x")]
    [InlineData("pin", "shop", "backend", "abcdefabcdef")]
    [InlineData("pin", "shop")]
    public async Task What_is_not_there_cannot_be_pinned(params string[] args) =>
        Assert.Equal(2, (await cli.WithUpdate().RunAsync(args)).Code);
}
