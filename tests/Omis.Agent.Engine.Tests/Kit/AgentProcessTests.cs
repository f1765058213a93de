using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Kit;

public sealed class AgentProcessTests
{
    private static readonly Dictionary<string, string?> Nothing = [];

    [Fact]
    public async Task The_agent_runs_and_its_words_and_exit_code_are_kept()
    {
        await using var home = new AgentHome(new EngineProxy(Lab.Current.Engines[0]), """{ "state": { "keep": 1 }, "check": { "every": "1m" } }""");
        var config = JsonNode.Parse(File.ReadAllText(home.ConfigFile))!;
        Assert.Equal((home.StateDirectory, 1), (config["state"]!["directory"]!.GetValue<string>(), config["state"]!["keep"]!.GetValue<int>()));
        var result = await home.RunAsync("--version");
        result.Exits(0);
        Assert.Throws<InvalidOperationException>(() => result.Json);
    }

    [Theory, EachLeg]
    public async Task An_agent_sees_the_stack_of_its_test_and_no_other(string leg)
    {
        await using var other = await Trial.StartAsync(leg, TestImage.Good("web", "1"));
        await using var stack = new ComposeStack(Lab.Current.Engine(leg));
        var pushed = await stack.PushAsync("web", TestImage.Good("web", "1"));
        stack.WriteServices("web");
        await stack.UpAsync();
        await using var agent = stack.Agent();
        var seen = Assert.Single((await agent.RunAsync("check", "--json")).Exits(0).Json["seen"]!.AsArray())!;
        Assert.Equal((stack.Prefix, pushed.Digest), (seen["project"]!.GetValue<string>(), seen["running"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_program_that_takes_too_long_fails_with_all_that_it_said()
    {
        using var slow = Busybox("sh", "-c", "echo out; echo err >&2; sleep 60");
        await Eventually.BeAsync("it has spoken", () => slow.Output.Length > 0 && slow.Errors.Length > 0);
        var late = await Assert.ThrowsAsync<TimeoutException>(() => slow.EndAsync(TimeSpan.FromMilliseconds(100)));
        Assert.Contains("--- stdout\nout\n--- stderr\nerr\n", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_is_killed_or_asked_to_end()
    {
        using var killed = Busybox("sleep", "60");
        Assert.Equal(137, (await killed.KillAsync()).ExitCode);
        using var asked = new AgentProcess(Busybox("sleep", "60"));
        asked.Terminate();
        Assert.Equal(143, (await asked.EndAsync()).ExitCode);
    }

    private static ChildProcess Busybox(params string[] arguments) => ChildProcess.Start(Lab.Current.Busybox, arguments, Nothing, Path.GetTempPath());
}
