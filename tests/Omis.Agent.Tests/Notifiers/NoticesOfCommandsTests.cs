using System.Text.Json;
using Omis.Agent.Testing;
using Omis.Agent.Tests.Commands;

namespace Omis.Agent.Tests.Notifiers;

/// <summary>The whole program in-process: what a channel gets to hear of <c>run --once</c> and of the service.</summary>
public sealed class NoticesOfCommandsTests : IDisposable
{
    private readonly Cli cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task A_committed_rollout_is_told_before_the_command_ends()
    {
        await using var server = await ChannelServer.StartAsync();
        cli.WithUpdate().Config(Notify(server));

        var said = await cli.RunAsync("run", "--once", "--json");

        var data = Assert.Single(server.Posts).Json.GetProperty("data");
        Assert.Equal(JsonSerializer.Serialize(said.Json.GetProperty("rollouts")[0]), JsonSerializer.Serialize(data));
        Assert.False((await cli.RunAsync("status", "--json")).Json.TryGetProperty("notices", out _));
    }

    [Fact]
    public async Task A_revert_is_told_once_and_then_the_quarantine_once_however_often_it_is_looked()
    {
        await using var server = await ChannelServer.StartAsync();
        cli.WithUpdate().WithSick().Config(Notify(server));

        for (var cycle = 0; cycle < 4; cycle++)
        {
            await cli.RunAsync("run", "--once");
        }

        Assert.Equal(["omis.agent.rollout.reverted", "omis.agent.rollout.refused"], Types(server));
        Assert.Equal("cannot open database", server.Posts[0].Json.GetProperty("data").GetProperty("steps")[0].GetProperty("logTail")[1].GetString());
    }

    [Fact]
    public async Task A_registry_that_breaks_and_recovers_is_told_once_each()
    {
        await using var server = await ChannelServer.StartAsync();
        cli.Source.Runs("backend", Cli.Old);
        cli.Config(Notify(server));

        cli.Registry.Fails("backend", Core.Naming.ReasonCode.RegistryUnavailable);
        await cli.RunAsync("run", "--once");
        await cli.RunAsync("run", "--once");
        cli.Registry.Has("backend", Cli.Old);
        await cli.RunAsync("run", "--once");
        await cli.RunAsync("run", "--once");

        Assert.Equal(["omis.agent.registry.down", "omis.agent.registry.back"], Types(server));
    }

    [Fact]
    public async Task A_broken_channel_changes_neither_the_rollout_nor_another_channel_and_its_backlog_shows()
    {
        await using var good = await ChannelServer.StartAsync();
        await using var broken = await ChannelServer.StartAsync((_, _) => new Reply(503));
        cli.WithUpdate().Config($$""", "notify": { "webhook": [ { "name": "broken", "url": "{{broken.Url}}/{{Notifying.Planted}}" }, { "name": "good", "url": "{{good.Url}}" } ] }""");

        var run = cli.RunAsync("run", "--once", "--json");
        await TurnAsync(run);

        Assert.Equal(("committed", 0), ((await run).Json.GetProperty("rollouts")[0].GetProperty("outcome").GetString(), (await run).Code));
        Assert.Single(good.Posts);
        var backlog = (await cli.RunAsync("status", "--json")).Json.GetProperty("notices");
        Assert.Equal(("broken", 1, "503"), (backlog[0].GetProperty("channel").GetString(), backlog[0].GetProperty("waiting").GetInt32(), backlog[0].GetProperty("problem").GetString()));
        Assert.Contains("1 for broken, the oldest since ", (await cli.RunAsync("status")).Out, StringComparison.Ordinal);
        NothingPlanted((await run).Out + (await run).Error + (await cli.RunAsync("status")).Out);
    }

    [Fact]
    public async Task The_service_delivers_what_a_command_left_behind_and_what_it_does_itself()
    {
        var up = false;
        await using var server = await ChannelServer.StartAsync((_, _) => up ? new Reply(202) : new Reply(503));
        cli.WithUpdate().Config(Notify(server));
        await TurnAsync(cli.RunAsync("run", "--once"));
        var before = server.Posts.Length;
        up = true;
        cli.Registry.Has("backend", Core.Naming.Digest.Parse("sha256:" + new string('c', 64)));

        var service = cli.RunAsync("run");
        await TurnAsync(() => server.Posts.Length >= before + 2);
        cli.Stopping.Stop();
        await service.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(2, server.Posts[before..].Select(posted => posted.Json.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal(server.Posts[0].Json.GetProperty("id").GetString(), server.Posts[before].Json.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_config_that_is_read_again_sends_what_comes_next_to_its_own_channels()
    {
        await using var before = await ChannelServer.StartAsync();
        await using var after = await ChannelServer.StartAsync();
        cli.WithUpdate().Config(Notify(before));
        var service = cli.RunAsync("run");
        await TurnAsync(() => before.Posts.Length == 1);

        cli.Config($$""", "notify": { "webhook": [ { "name": "new", "url": "{{after.Url}}" } ] }""");
        cli.Registry.Has("backend", Core.Naming.Digest.Parse("sha256:" + new string('c', 64)));
        cli.Stopping.OnHangUp!();
        await TurnAsync(() => after.Posts.Length == 1);
        cli.Stopping.Stop();
        await service.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Single(before.Posts);
    }

    [Fact]
    public async Task The_dead_mans_switch_hears_of_each_cycle_and_of_bad_ones_as_such()
    {
        await using var server = await ChannelServer.StartAsync();
        cli.Config($$""", "notify": { "ping": [ { "url": "{{server.Url}}/ping/{{Notifying.Planted}}" } ] }""");

        await cli.RunAsync("run", "--once");
        cli.Source.Fault = new Core.Naming.EnvironmentException(Core.Naming.ReasonCode.EngineUnavailable, "no engine");
        await cli.RunAsync("run", "--once");

        Assert.Equal([$"/ping/{Notifying.Planted}", $"/ping/{Notifying.Planted}/fail"], server.Posts.Select(posted => posted.Target));
        Assert.Equal("engineUnavailable", server.Posts[1].Body);
    }

    [Fact]
    public async Task Secrets_of_channels_stand_neither_in_the_state_nor_in_what_is_said()
    {
        await using var server = await ChannelServer.StartAsync((_, _) => new Reply(400, Notifying.Planted));
        cli.WithUpdate().WithSick().Config($$"""
            , "notify": {
              "slack": [ { "webhookUrl": "{{server.Url}}/{{Notifying.Planted}}" } ], "discord": [ { "webhookUrl": "{{server.Url}}/{{Notifying.Planted}}" } ],
              "webhook": [ { "url": "{{server.Url}}", "secret": "{{Notifying.Planted}}" } ], "gotify": [ { "url": "{{server.Url}}", "token": "{{Notifying.Planted}}" } ],
              "pagerduty": [ { "url": "{{server.Url}}", "routingKey": "{{Notifying.Planted}}" } ], "ping": [ { "url": "{{server.Url}}/{{Notifying.Planted}}" } ] }
            """);
        cli.Environment["OMIS_LOG"] = "debug";

        var said = await cli.RunAsync("run", "--once");
        var status = await cli.RunAsync("status", "--json");

        Assert.Equal(6, server.Posts.Length);
        NothingPlanted(said.Out + said.Error + status.Out + status.Error);
        Assert.All(Directory.EnumerateFiles(cli.StateDirectory), file => NothingPlanted(System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file))));
    }

    [Fact]
    public async Task Without_channels_nothing_is_kept()
    {
        await cli.WithUpdate().RunAsync("run", "--once");
        Assert.False(File.Exists(Path.Combine(cli.StateDirectory, "notices.lock")));
        Assert.False((await cli.RunAsync("status", "--json")).Json.TryGetProperty("notices", out _));
    }

    private static string Notify(ChannelServer server) => $$""", "notify": { "webhook": [ { "url": "{{server.Url}}" } ] }""";

    private static IEnumerable<string?> Types(ChannelServer server) => server.Posts.Select(posted => posted.Json.GetProperty("type").GetString());

    private static void NothingPlanted(string text) => Assert.DoesNotContain(Notifying.Planted, text, StringComparison.Ordinal);

    private Task TurnAsync(Task task) => TurnAsync(() => task.IsCompleted);

    private async Task TurnAsync(Func<bool> isTrue)
    {
        var ends = Environment.TickCount64 + 30_000;
        while (!isTrue())
        {
            Assert.True(Environment.TickCount64 < ends, "it never came true");
            cli.Time.Advance(TimeSpan.FromMilliseconds(200));
            await Task.Delay(1);
        }
    }
}
