using System.Globalization;
using System.Text.Json.Nodes;
using Omis.Agent.Engine.Tests.Faults;
using Omis.Agent.Engine.Tests.Kills;

namespace Omis.Agent.Engine.Tests.Model;

/// <summary>A real stack with a real agent, and somebody else's container beside them, to which a script's acts happen.</summary>
internal sealed class Machine : IAsyncDisposable
{
    public const string Version = "omis.model.version";

    private const string Rules = """{ "defaults": { "healthy": { "stableFor": "200ms", "deadline": "20s" }, "revertBudget": "3m" } }""";

    private readonly OwnEngine? own;
    private readonly Dictionary<string, int> versions = [];

    private Machine(LabEngine engine, OwnEngine? own)
    {
        this.own = own;
        Stack = new ComposeStack(engine);
        Home = Stack.Agent(Rules);
    }

    public ComposeStack Stack { get; }

    public AgentHome Home { get; }

    public string Bystander { get; private set; } = "";

    public string BystanderName { get; private set; } = "";

    private string Clock => Path.Combine(Home.Folder, "clock");

    public static async Task<Machine> StartAsync(Script script)
    {
        var engine = Lab.Current.Engines[script.Seed / 8 % Lab.Current.Engines.Count];

        // Killed without live-restore, an engine leaves every service down that is "unless-stopped": see KilledEngineTests.
        var livesOn = script.Seed % 16 == 0 || script.Acts.Any(act => act is Act.EngineDeath);
        var own = script.OwnsEngine ? await OwnEngine.StartAsync(engine.Leg, livesOn) : null;
        return await new Machine(own?.Engine ?? engine, own).OrDisposeAsync(machine => machine.SetUpAsync(script));
    }

    public int VersionOf(string digest) => versions[digest];

    public async Task PushAsync(Release release)
    {
        var (service, version) = (release.Service, release.Version.ToString(CultureInfo.InvariantCulture));
        var good = TestImage.Good(service, version);
        var image = release.Kind switch
        {
            Kind.ExitsAtOnce => TestImage.ExitsAtOnce(service, version),
            Kind.NoCommand => good with { Cmd = [] },
            Kind.MissingEntrypoint => TestImage.MissingEntrypoint(service, version),
            _ => good,
        };
        var pushed = await Stack.PushAsync(service, image with { Labels = image.Labels.SetItem(Version, version) });
        versions[pushed.Digest] = release.Version;
    }

    /// <summary>What a person does with compose.</summary>
    public Task<ProcessResult> ByPersonAsync(Act act) => act switch
    {
        Act.Up up => Stack.UpAsync("--pull", up.Pulls ? "always" : "missing"),
        Act.Pull => Stack.RunAsync("pull", "--quiet"),
        Act.Down => Stack.RunAsync("down", "--timeout", "0"),
        Act.Remove remove => Stack.RunAsync("rm", "--stop", "--force", remove.Service),
        Act.Stop stop => Stack.RunAsync("stop", stop.Service),
        _ => throw new ArgumentOutOfRangeException(nameof(act)),
    };

    /// <summary>What the agent is told to do, or what happens to it while it does so.</summary>
    /// <returns>What it said, if it lived to the end.</returns>
    public Task<AgentResult?> AgentAsync(Act act, World world) => act switch
    {
        Act.Cycle => RunAsync("run", "--once"),
        Act.Kill kill => KillAsync(kill),
        Act.EngineDeath death => MeanwhileAsync(death.Nth, KillEngineAsync),
        Act.ClockJump jump => MeanwhileAsync(jump.Nth, () => SetClockAsync(jump.Hours)),
        Act.Rollback back => RunAsync(["rollback", Stack.Prefix, .. Named(back.Service)]),
        Act.Pin pin => RunAsync(["pin", Stack.Prefix, pin.Service, .. pin.Nth is { } nth ? Named(DigestOf(world.Nth(pin.Service, nth))) : []]),
        Act.Unpin unpin => RunAsync(["unpin", Stack.Prefix, .. Named(unpin.Service)]),
        Act.ClearQuarantine => RunAsync("quarantine", "clear"),
        _ => throw new ArgumentOutOfRangeException(nameof(act)),
    };

    public async Task RestartEngineAsync()
    {
        await own!.StopAsync();
        await own.StartAgainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Home.DisposeAsync();
        await Stack.DisposeAsync();
        if (own is not null)
        {
            await own.DisposeAsync();
        }
    }

    private static string[] Named(string? name) => name is null ? [] : [name];

    private string DigestOf(int version) => versions.First(pair => pair.Value == version).Key;

    private async Task<AgentResult?> RunAsync(params string[] arguments) => await Home.RunAsync(TimeSpan.FromMinutes(5), [.. arguments, "--json"]);

    private async Task<AgentResult?> KillAsync(Act.Kill kill)
    {
        var agent = new TaskCompletionSource<AgentProcess>();
        var count = new CallCount(byKind: false);
        async Task<Kit.Verdict> Judge(EngineCall call)
        {
            if (!count.IsNth(call, kill.Nth))
            {
                return Kit.Verdict.Pass;
            }

            await (await agent.Task).KillAsync();
            return kill.Moment == Moment.During ? Kit.Verdict.Pass : Kit.Verdict.Drop;
        }

        var rule = kill.Moment == Moment.After ? Home.Proxy.After("*", "*", Judge) : Home.Proxy.Before("*", "*", Judge);
        agent.SetResult(Home.Start("run", "--once", "--json"));
        var ended = await (await agent.Task).EndAsync(TimeSpan.FromMinutes(5));
        rule.Remove();
        return ended.ExitCode == 137 ? null : ended;
    }

    /// <summary>A cycle, and something that happens at its nth call that changes the engine.</summary>
    private async Task<AgentResult?> MeanwhileAsync(int nth, Func<Task<Kit.Verdict>> happens)
    {
        var count = new CallCount(byKind: false);
        var rule = Home.Proxy.Before("*", "*", call => count.IsNth(call, nth) ? happens() : Task.FromResult(Kit.Verdict.Pass));
        var ended = await RunAsync("run", "--once");
        rule.Remove();
        return ended;
    }

    private async Task<Kit.Verdict> KillEngineAsync()
    {
        await own!.KillAsync();
        await own.StartAgainAsync();
        return Kit.Verdict.Drop;
    }

    private async Task<Kit.Verdict> SetClockAsync(int hours)
    {
        await File.WriteAllTextAsync(Clock, string.Create(CultureInfo.InvariantCulture, $"{hours:+0;-0}h"));
        return Kit.Verdict.Pass;
    }

    private async Task SetUpAsync(Script script)
    {
        foreach (var (service, at) in Script.Services.Select((service, at) => (service, at)))
        {
            await PushAsync(new Release(at + 1, service, Kind.Good));
        }

        Stack.Write("services:\n" + string.Concat(Script.Services.Select(service => $"""
              {service}:
                image: {Stack.Image(service)}
                restart: unless-stopped
                ports: ["127.0.0.1:{Stack.Port(service)}:8080"]
            {(service == "web" ? "    depends_on: [api]" : "")}

            """)));
        await Stack.UpAsync();
        await StandByAsync(script.Seed % 2 == 0 ? $"{Stack.Prefix}-api-1.omis-new" : $"{Stack.Prefix}-store-1.omis-parked");
        if (script.Acts.Any(act => act is Act.ClockJump))
        {
            await FakeTimeAsync();
        }
    }

    /// <summary>Somebody's container that only has a name like ours.</summary>
    private async Task StandByAsync(string name)
    {
        var pushed = await Lab.Current.Registry.PushAsync($"{Stack.Prefix}/bystander", "1", TestImage.Good("bystander", "1") with { Author = Stack.Prefix });
        await Stack.Engine.PullAsync(pushed.Reference);
        BystanderName = name;
        Bystander = await Stack.Engine.CreateAsync(name, new JsonObject
        {
            ["Image"] = pushed.Reference,
            ["HostConfig"] = new JsonObject { ["RestartPolicy"] = new JsonObject { ["Name"] = "unless-stopped" } },
        });
        await Stack.Engine.StartAsync(Bystander);
    }

    private async Task FakeTimeAsync()
    {
        await SetClockAsync(0);
        Home.Environment["LD_PRELOAD"] = await LabScript.RunAsync("faketime");
        Home.Environment["FAKETIME_TIMESTAMP_FILE"] = Clock;
        Home.Environment["FAKETIME_NO_CACHE"] = "1";
        Home.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
    }
}
