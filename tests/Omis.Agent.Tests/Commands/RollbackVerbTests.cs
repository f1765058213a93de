using System.Text.Json;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Commands;

public sealed class RollbackVerbTests : IDisposable
{
    private readonly Cli cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task A_rollback_goes_to_what_ran_before_and_stays_there_until_unpin()
    {
        await UpdatedAsync();
        cli.Registry.Fails("backend", ReasonCode.RegistryUnavailable);

        var said = await cli.RunAsync("rollback", "shop", "--actor", "bob", "--reason", "too slow", "--json");
        Assert.Equal(0, said.Code);
        var rollout = said.Json.GetProperty("rollouts")[0];
        Assert.Equal(("rollback", "manual", "bob", "too slow", "committed"), (Text(rollout, "kind"), Text(rollout, "trigger"), Text(rollout, "actor"), Text(rollout, "comment"), Text(rollout, "outcome")));
        Assert.Equal((Cli.New.Value, Cli.Old.Value), (Text(rollout.GetProperty("steps")[0], "from"), Text(rollout.GetProperty("steps")[0], "to")));

        cli.Registry.Has("backend", Cli.New);
        var plan = (await cli.RunAsync("run", "--once", "--json")).Json;
        Assert.Empty(plan.GetProperty("rollouts").EnumerateArray());
        var skip = plan.GetProperty("plan").GetProperty("skipped")[0];
        Assert.Equal("pinned", Text(skip, "reason"));
        Assert.Equal($"held at {Cli.Old.Brief} by bob: too slow; 'omis-agent unpin shop backend' lets it go on", Text(skip, "detail"));
        Assert.Equal("updateAvailable", Text(plan.GetProperty("seen")[0], "state"));
        var blocked = (await cli.RunAsync("status", "--json")).Json.GetProperty("projects")[0].GetProperty("blocked")[0];
        Assert.Equal(("backend", "pinned"), (Text(blocked, "service"), Text(blocked, "reason")));

        Assert.Equal("unpinned shop/backend; what their tags point to is rolled out at the next check\n", (await cli.RunAsync("unpin", "shop")).Out);
        Assert.Equal(Cli.New.Value, Text((await cli.RunAsync("update", "shop", "--json")).Json.GetProperty("rollouts")[0].GetProperty("steps")[0], "to"));
        Assert.Equal("update unpin rollback update", string.Join(' ', (await HistoryAsync()).Select(entry => entry.TryGetProperty("kind", out var kind) ? kind.GetString() : "update")));
    }

    [Fact]
    public async Task A_rollback_that_is_not_well_leaves_no_pin()
    {
        await UpdatedAsync();
        cli.Target.SwapFails["backend.1"] = new StepOutcome.Failed(ReasonCode.StartFailed, "no such file", ImageFault: true);
        var said = await cli.RunAsync("rollback", "shop");
        Assert.Equal(4, said.Code);
        Assert.Contains("nothing is pinned", said.Out, StringComparison.Ordinal);
        Assert.Empty((await cli.RunAsync("status", "--json")).Json.GetProperty("projects")[0].GetProperty("blocked").EnumerateArray());
    }

    [Fact]
    public async Task Going_back_twice_goes_forward_and_an_older_state_is_named_by_digest_or_rollout()
    {
        var newest = Some.Digest(3);
        await UpdatedAsync();
        cli.Registry.Has("backend", newest);
        await cli.RunAsync("run", "--once");
        var first = (await HistoryAsync())[^1].GetProperty("id").GetString()!;

        Assert.Equal(Cli.New.Value, await WentToAsync("shop"));
        Assert.Equal(newest.Value, await WentToAsync("shop", "backend"));
        Assert.Equal(Cli.Old.Value, await WentToAsync("shop", "--to", Cli.Old.Brief));
        Assert.Equal(Cli.New.Value, await WentToAsync("shop", "--to", first));
        Assert.Equal(newest.Value, await WentToAsync("shop", "--to", newest.Value));
    }

    [Theory]
    [InlineData(2, "no project 'nowhere'", "rollback", "nowhere")]
    [InlineData(2, "no service 'x' in project 'shop'", "rollback", "shop", "x")]
    [InlineData(2, "'cccccccc' is neither", "rollback", "shop", "--to", "cccccccc")]
    [InlineData(3, "nothing to go back to", "rollback", "shop")]
    [InlineData(3, "nothing to go back to", "can-rollback", "shop")]
    public async Task What_cannot_be_gone_back_to_is_said_and_touches_nothing(int code, string detail, params string[] args)
    {
        cli.WithUpdate();
        var said = await cli.RunAsync([.. args, "--json"]);
        Assert.Equal(code, said.Code);
        Assert.Contains(detail, said.Out, StringComparison.Ordinal);
        Assert.Empty(cli.Target.Transcript);
    }

    [Fact]
    public async Task Without_a_history_the_kept_image_tells()
    {
        cli.WithUpdate();
        cli.Target.Images.Add((Some.Digest(9), true));
        Assert.Equal(Some.Digest(9).Value, await WentToAsync("shop"));
    }

    [Fact]
    public async Task Can_rollback_says_what_is_kept_and_how_long_the_last_swap_took()
    {
        await UpdatedAsync();
        var no = await cli.RunAsync("can-rollback", "shop", "--json");
        Assert.Equal(3, no.Code);
        Assert.Equal($"backend: {Cli.Old.Brief} is not on this machine; a rollback would have to pull it", Text(no.Json, "detail"));

        cli.Target.Images.Add((Cli.Old, false));
        var yes = await cli.RunAsync("can-rollback", "shop", "--json");
        Assert.Equal(0, yes.Code);
        var service = yes.Json.GetProperty("services")[0];
        Assert.Equal(["service", "from", "to", "image", "kept", "possible", "detail", "lastSwapMs"], service.EnumerateObject().Select(property => property.Name));
        Assert.Equal((Cli.New.Value, Cli.Old.Value, "ready"), (Text(service, "from"), Text(service, "to"), Text(service, "detail")));
        Assert.Contains("shop: a rollback is possible", (await cli.RunAsync("can-rollback", "shop")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_cannot_go_back_holds_the_others()
    {
        await cli.WithUpdate("frontend").WithUpdate().RunAsync("run", "--once");
        cli.Target.Transcript.Clear();
        cli.Source.With(workload => workload with { Replicas = [workload.Replicas[0] with { State = RunState.Exited }] }, "frontend");

        Assert.Contains("start it, or name the services", Text((await cli.RunAsync("can-rollback", "shop", "--json")).Json, "detail"), StringComparison.Ordinal);
        var said = await cli.RunAsync("rollback", "shop", "--json");
        Assert.Equal(6, said.Code);
        Assert.Equal(["backend stopped", "frontend stopped"], said.Json.GetProperty("plan").GetProperty("skipped").EnumerateArray().Select(skip => $"{Text(skip, "service")} {Text(skip, "reason")}"));
        Assert.Empty(cli.Target.Transcript);
        Assert.Equal("refused rollback", $"{Text((await HistoryAsync())[0], "outcome")} {Text((await HistoryAsync())[0], "kind")}");
        Assert.Equal(Cli.Old.Value, await WentToAsync("shop", "backend"));
    }

    [Fact]
    public async Task A_pause_holds_a_rollback_too()
    {
        await UpdatedAsync();
        await cli.RunAsync("pause");
        Assert.Equal(3, (await cli.RunAsync("can-rollback", "shop")).Code);
        Assert.Equal(6, (await cli.RunAsync("rollback", "shop")).Code);
    }

    [Fact]
    public async Task What_is_there_already_is_pinned_and_not_touched()
    {
        await UpdatedAsync();
        cli.Source.Runs("backend", Cli.Old);
        cli.Target.Transcript.Clear();
        var said = await cli.RunAsync("rollback", "shop");
        Assert.Equal((0, $"it runs there already, and stays there until 'omis-agent unpin': backend {Cli.Old.Brief}\n"), (said.Code, said.Out));
        Assert.Equal("pin", Text((await HistoryAsync())[0], "kind"));
        Assert.Empty((await cli.RunAsync("run", "--once", "--json")).Json.GetProperty("rollouts").EnumerateArray());
        Assert.Empty(cli.Target.Transcript);
    }

    [Theory]
    [InlineData("notify")]
    [InlineData("never")]
    public async Task Who_asks_to_go_back_is_not_held_by_what_polls_may_do(string mode)
    {
        await UpdatedAsync();
        cli.Config($$""", "projects": { "shop": { "services": { "backend": { "update": "{{mode}}" } } } }""");
        Assert.Equal(Cli.Old.Value, await WentToAsync("shop"));
        Assert.Equal("pinned", Text((await cli.RunAsync("plan", "--json")).Json.GetProperty("plan").GetProperty("skipped")[0], "reason"));
    }

    [Fact]
    public async Task An_image_that_no_digest_names_cannot_be_gone_back_to()
    {
        cli.WithUpdate().Source.With(workload => workload with { Replicas = [workload.Replicas[0] with { Digests = [] }], Tagged = new LocalImage("x", [Cli.New]) }, "backend");
        await cli.RunAsync("run", "--once");
        var said = await cli.RunAsync("rollback", "shop");
        Assert.Equal(3, said.Code);
        Assert.Contains("no digest names it", said.Error, StringComparison.Ordinal);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private async Task UpdatedAsync() => Assert.Equal(0, (await cli.WithUpdate().RunAsync("run", "--once")).Code);

    private async Task<string?> WentToAsync(params string[] args) =>
        Text((await cli.RunAsync(["rollback", .. args, "--json"])).Json.GetProperty("rollouts")[0].GetProperty("steps")[0], "to");

    private async Task<JsonElement[]> HistoryAsync() => [.. (await cli.RunAsync("history", "--json")).Json.GetProperty("entries").EnumerateArray()];
}
