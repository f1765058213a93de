using System.Net;
using System.Runtime.Versioning;
using Omis.Agent.Engine.Tests.Rollouts;

namespace Omis.Agent.Engine.Tests.Service;

/// <summary>The command line and the running service, over the socket between them.</summary>
[SupportedOSPlatform("linux")]
public sealed class UpdateByServiceTests
{
    private const string Seldom = """{ "check": { "every": "12h" } }""";

    [Fact]
    public async Task An_update_is_done_by_the_service_and_seen_by_who_asked_and_who_watches()
    {
        await using var stack = await Stacks.UpAsync(["api", "web"]);
        await using var home = stack.Agent();
        home.Configure(Rules.Quick, Seldom);
        var agent = home.Start("run");
        using var socket = new ServiceSocket(home.ControlSocket);
        await socket.ReadyAsync();
        var watched = await socket.WatchAsync();
        await stack.PushAsync("api", TestImage.Good("api", "2"));
        await stack.PushAsync("web", TestImage.Good("web", "2"));

        var result = (await home.RunAsync("update", stack.Prefix, "web", "--actor", "ada", "--reason", "release 2", "--json")).Exits(0);

        Assert.Equal(["web committed"], result.Rollout().Outcomes());
        await stack.AnswersAsync("web", "web 2");
        await stack.AnswersAsync("api", "api 1");
        Assert.Contains($"{stack.Prefix}/web: swapping", result.Errors, StringComparison.Ordinal);
        Assert.Equal(("manual", "ada", "release 2"), (result.Rollout()["trigger"].Text(), result.Rollout()["actor"].Text(), result.Rollout()["comment"].Text()));
        var seen = await watched;
        Assert.Equal(("began", "ended"), (seen[0].EventType, seen[^1].EventType));
        Assert.Contains(seen, item => item.EventType == "moved" && item.Data.Contains("\"probing\"", StringComparison.Ordinal));
        Assert.Contains("Told to update", agent.Errors, StringComparison.Ordinal);
        Assert.Equal(result.Rollout()["id"].Text(), Assert.Single(await home.HistoryAsync())["id"].Text());

        // A bad one: by the API alone.
        await stack.PushAsync("api", TestImage.ExitsAtOnce("api", "3", 5));
        var (status, cycle) = await socket.PostAsync("/v1/update", $$"""{"project":"{{stack.Prefix}}","reason":"release 3"}""");
        Assert.Equal((HttpStatusCode.OK, "reverted"), (status, cycle["rollouts"]![0]!.Outcome()));
        await stack.AnswersAsync("api", "api 1");

        agent.Terminate();
        (await agent.EndAsync()).Exits(0);
        Assert.False(File.Exists(home.ControlSocket));
    }

    [Fact]
    public async Task While_the_service_rolls_out_an_update_is_sent_away_and_a_killed_service_is_not_waited_for()
    {
        await using var stack = await Stacks.UpAsync(["web"]);
        await using var home = stack.Agent();
        home.Configure(Rules.Quick, Seldom);
        var agent = home.Start("run");
        using var socket = new ServiceSocket(home.ControlSocket);
        await socket.ReadyAsync();
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        var release = new TaskCompletionSource();
        var held = home.Proxy.Before("POST", "/containers/*/stop", async _ =>
        {
            await release.Task;
            return Verdict.Pass;
        }, times: 1);
        var first = home.Start("update", "--json");
        await held.HitAsync();

        Assert.Equal("busy", (await home.RunAsync("update", "--json")).Exits(7).Json["error"]!["code"].Text());
        Assert.Equal("rollingOut", (await home.RunAsync("status", "--json")).Exits(0).Json["service"].Text());
        await agent.KillAsync();
        release.SetResult();
        (await first.EndAsync()).Exits(1);

        // Its socket is still there, and nobody answers: the verbs work by themselves again, and end what it left.
        Assert.True(File.Exists(home.ControlSocket));
        Assert.Equal("stopped", (await home.RunAsync("status", "--json")).Exits(0).Json["service"].Text());
        var after = await home.RunAsync("update", "--json");
        Assert.Equal("committed", after.Rollouts[^1].Outcome());
        await stack.AnswersAsync("web", "web 2");
    }

    [Fact]
    public async Task Who_may_not_open_the_socket_is_told_which_group_may()
    {
        await using var home = new AgentHome(new EngineProxy(OneLeg.Mine(), "omis-nobody-"), Seldom);
        var agent = home.Start("run");
        using var socket = new ServiceSocket(home.ControlSocket);
        await socket.ReadyAsync();
        Open(home.Folder);
        File.SetUnixFileMode(home.ConfigFile, (UnixFileMode)0b110_100_100);
        var binary = Copy(Path.GetDirectoryName(AgentHome.Binary)!, Path.Combine(home.Folder, "bin"));

        var told = await AsNobodyAsync(home, binary, "status", "--json", "--config", home.ConfigFile);
        Assert.Equal(3, told.ExitCode);
        Assert.Contains("\"code\":\"forbidden\"", told.Output, StringComparison.Ordinal);
        Assert.Contains("members of the group 'root'", told.Output, StringComparison.Ordinal);

        // The file alone is not what keeps him out.
        File.SetUnixFileMode(home.ControlSocket, (UnixFileMode)0b110_110_110);
        var refused = await AsNobodyAsync(home, binary, "update", "--json", "--config", home.ConfigFile);
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("only root, the agent's own user and members of the socket's group", refused.Output, StringComparison.Ordinal);
        await agent.SaysAsync("A call of nobody at the socket was refused");
    }

    private static async Task<ProcessResult> AsNobodyAsync(AgentHome home, string binary, params string[] arguments)
    {
        var environment = new Dictionary<string, string?>(home.Environment) { ["HOME"] = home.Folder, ["DOTNET_ROOT"] = AgentHome.RuntimeRoot };
        using var process = ChildProcess.Start("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", binary, .. arguments], environment, home.Folder);
        return await process.EndAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>Where everybody may read it.</summary>
    private static string Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(from))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }

        Open(to);
        return Path.Combine(to, Path.GetFileName(AgentHome.Binary));
    }

    private static void Open(string folder) => File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
}
