using System.Text.RegularExpressions;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Tests.Commands;

namespace Omis.Agent.Tests.Control.Api;

/// <summary>With a service the verbs say and do what they do alone.</summary>
public sealed partial class VerbsByServiceTests : IDisposable
{
    private readonly RunningService service = new();

    public VerbsByServiceTests()
    {
        service.Cli.Source.Runs("api", Cli.Old).Runs("web", Cli.Old);
        service.Cli.Registry.Has("api", Cli.Old).Has("web", Cli.Old);
    }

    private Cli Cli => service.Cli;

    public void Dispose() => service.Dispose();

    [Fact]
    public async Task An_update_shows_the_same_view_and_ends_with_the_same_document_and_code()
    {
        await service.StartAsync();
        Cli.Registry.Has("web", Cli.New);

        var said = await Cli.RunAsync("update", "shop", "web", "--json", "--actor", "ada", "--reason", "release 2");

        var rollout = said.Json.GetProperty("rollouts")[0];
        Assert.Equal(("committed", "manual", "ada", "release 2"), (Text(rollout, "outcome"), Text(rollout, "trigger"), Text(rollout, "actor"), Text(rollout, "comment")));
        Assert.Equal(0, said.Code);
        var log = await service.EndAsync();
        Assert.Contains("Told to update shop by ", log, StringComparison.Ordinal);

        // Alone, for another service of the same kind: word for word the same.
        Cli.Registry.Has("api", Cli.New);
        var alone = await Cli.RunAsync("update", "shop", "api", "--json", "--actor", "ada", "--reason", "release 2");
        Assert.Equal(Plain(alone.Error), Plain(said.Error).Replace("web", "api", StringComparison.Ordinal));
        Assert.Equal(Plain(alone.Out), Plain(said.Out).Replace("web", "api", StringComparison.Ordinal));
        Assert.Contains("shop/web: swapping", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_update_reverts_with_the_code_that_says_so_and_a_held_one_likewise()
    {
        await service.StartAsync();
        Cli.WithSick("web").Registry.Has("web", Cli.New);
        Assert.Equal(0, (await Cli.RunAsync("pause", "shop", "--reason", "holidays")).Code);
        Assert.Equal(6, (await Cli.RunAsync("update", "--json")).Code);
        Assert.Equal(6, (await Cli.RunAsync("plan", "--json")).Code);

        await Cli.RunAsync("resume");
        Assert.Equal(4, (await Cli.RunAsync("update")).Code);
    }

    [Fact]
    public async Task A_rollback_goes_through_the_service_too()
    {
        await service.StartAsync();
        Cli.Registry.Has("web", Cli.New);
        Assert.Equal(0, (await Cli.RunAsync("update")).Code);
        Cli.Target.Images.Add((Cli.Old, true));

        var said = await Cli.RunAsync("rollback", "shop", "web", "--json");

        Assert.Equal(0, said.Code);
        Assert.Equal("rollback", Text(said.Json.GetProperty("rollouts")[0], "kind"));
    }

    [Fact]
    public async Task What_is_not_there_is_bad_usage_and_the_known_names_are_listed()
    {
        await service.StartAsync();

        var said = await Cli.RunAsync("update", "nobody", "--json");

        Assert.Equal(ExitCodes.Usage, said.Code);
        Assert.Equal("usage", Text(said.Json.GetProperty("error"), "code"));
        Assert.Contains("shop", Text(said.Json.GetProperty("error"), "detail"), StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected fault", await service.EndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_service_rolls_out_another_update_is_sent_away_and_looks_go_on()
    {
        await service.StartAsync();
        Cli.Registry.Has("web", Cli.New);
        var (midway, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        Cli.Target.OnSwap = _ =>
        {
            midway.TrySetResult();
            Assert.True(go.Task.Wait(TimeSpan.FromSeconds(30)));
        };
        var first = Cli.RunAsync("update", "--json");
        await midway.Task.WaitAsync(TimeSpan.FromSeconds(30));

        var second = await Cli.RunAsync("update", "--json");
        Assert.Equal((ExitCodes.Busy, "busy"), (second.Code, Text(second.Json.GetProperty("error"), "code")));
        Assert.Equal((409, "busy"), await service.PostAsync("/v1/update") is var answer ? (answer.Status, answer.Code) : default);
        Assert.Equal("rollingOut", Text((await Cli.RunAsync("status", "--json")).Json, "service"));
        Assert.Equal(0, (await Cli.RunAsync("check", "--json")).Code);

        go.SetResult();
        Assert.Equal(0, (await first.WaitAsync(TimeSpan.FromSeconds(30))).Code);
        Assert.Equal(0, (await Cli.RunAsync("update", "--json")).Code);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("history")]
    [InlineData("history", "shop", "--since", "1h")]
    [InlineData("check")]
    [InlineData("plan")]
    public async Task Looking_verbs_say_with_a_service_what_they_say_alone(params string[] verb)
    {
        Cli.Registry.Has("api", Testing.Some.Digest(7));
        await Cli.RunAsync("pause", "shop", "--reason", "holidays");
        await service.StartAsync();
        var (json, view) = (await Cli.RunAsync([.. verb, "--json"]), await Cli.RunAsync(verb));
        await service.EndAsync();
        var (jsonAlone, viewAlone) = (await Cli.RunAsync([.. verb, "--json"]), await Cli.RunAsync(verb));

        Assert.Equal((jsonAlone.Code, Plain(jsonAlone.Out)), (json.Code, Plain(json.Out)));
        Assert.Equal((viewAlone.Code, Plain(viewAlone.Out)), (view.Code, Plain(view.Out)));
    }

    [Fact]
    public async Task A_pause_by_the_service_holds_and_a_mistyped_name_is_warned_of()
    {
        await service.StartAsync();

        var said = await Cli.RunAsync("pause", "shpo", "--for", "2h", "--reason", "release", "--json");
        Assert.Contains("warning: the last cycle saw no project 'shpo'; there were: shop", said.Error, StringComparison.Ordinal);
        Assert.Equal("ann", Text(said.Json.GetProperty("paused"), "actor"));

        await Cli.RunAsync("pause");
        Assert.Contains("everything is paused", (await Cli.RunAsync("resume", "shop")).Error, StringComparison.Ordinal);
        Assert.Equal(2, (await Cli.RunAsync("resume", "--json")).Json.GetProperty("resumed").GetArrayLength());
        Assert.Equal(0, (await Cli.RunAsync("status", "--json")).Json.GetProperty("pauses").GetArrayLength());
    }

    [Fact]
    public async Task A_config_with_mistakes_is_told_and_the_service_is_asked_all_the_same()
    {
        await service.StartAsync();
        Cli.ConfigText($$"""{ "state": { "directory": "{{Cli.StateDirectory}}" }, "control": { "socket": "{{Cli.Socket}}" }, "check": { "every": "never" } }""");

        var said = await Cli.RunAsync("check", "--json");

        Assert.Equal(0, said.Code);
        Assert.Contains("warning: check.every: ", said.Error, StringComparison.Ordinal);
        await service.EndAsync();
        Assert.Equal(2, (await Cli.RunAsync("check", "--json")).Code);
    }

    [Fact]
    public async Task The_service_of_another_state_at_the_same_socket_is_not_asked()
    {
        await service.StartAsync();
        using var other = new Cli();
        other.ConfigText($$"""{ "state": { "directory": "{{other.StateDirectory}}" }, "control": { "socket": "{{Cli.Socket}}" } }""");

        Assert.Equal("stopped", Text((await other.RunAsync("status", "--json")).Json, "service"));
        Assert.Equal("idle", Text((await Cli.RunAsync("status", "--json")).Json, "service"));
    }

    private static string? Text(System.Text.Json.JsonElement from, string name) => from.GetProperty(name).GetString();

    /// <summary>Without what differs each time: ids, times and durations, and whether a service runs.</summary>
    private static string Plain(string said) => Differs().Replace(said.Replace($"\"pid\":{Environment.ProcessId},", "", StringComparison.Ordinal), "…").TrimEnd();

    [GeneratedRegex("""01[0-9A-HJKMNP-TV-Z]{24}|"durationMs":\d+|"(?:startedAt|endedAt)":"[^"]*"|\d\d:\d\d:\d\d|after [0-9.]+ m?s|"service":"(?:paused|stopped|idle)"|"nextCheckAt":(?:null|"[^"]*"),?|(?m:^(?:service|next check) +.*$)""")]
    private static partial Regex Differs();
}
