namespace Omis.Agent.Engine.Tests.Faults;

/// <summary>What a test wants to be other than usual.</summary>
public sealed record Wanted
{
    public IReadOnlyList<string> Services { get; init; } = ["web"];

    /// <summary>Where images are named to be, if not at the lab's registry.</summary>
    public string? Registry { get; init; }

    /// <summary>The image of version 2; a good one where nothing is said.</summary>
    public Func<string, TestImage> Next { get; init; } = service => TestImage.Good(service, "2");

    /// <summary>The services' restart policy.</summary>
    public string Restart { get; init; } = "unless-stopped";

    /// <summary>Laid over the short rules.</summary>
    public string Config { get; init; } = "{}";
}

/// <summary>
/// Services that run version 1 while the registry has a version 2 that the agent has not seen yet, an agent with short
/// rules, and a recorder of all that is done to the containers.
/// </summary>
public sealed class PendingUpdate : IAsyncDisposable
{
    public const string ShortRules = """{ "defaults": { "healthy": { "stableFor": "1s", "deadline": "15s" }, "revertBudget": "60s" } }""";

    private readonly Wanted wanted;
    private EventRecorder? events;
    private int before;

    private PendingUpdate(LabEngine engine, Wanted wanted)
    {
        this.wanted = wanted;
        Stack = new ComposeStack(engine) { Registry = wanted.Registry ?? Lab.Current.Registry.Address };
        Home = Stack.Agent(ShortRules);
        Home.Configure(ShortRules, wanted.Config);
    }

    public ComposeStack Stack { get; }

    public AgentHome Home { get; }

    public EngineProxy Engine => Home.Proxy;

    /// <summary>The containers of version 1.</summary>
    public IReadOnlyList<ContainerFacts> Old { get; private set; } = [];

    public static Task<PendingUpdate> StartAsync(LabEngine engine, Wanted? wanted = null) =>
        new PendingUpdate(engine, wanted ?? new Wanted()).OrDisposeAsync(update => update.SetUpAsync());

    public Task<AgentResult> CycleAsync() => Home.CycleAsync();

    /// <summary>Starts a cycle and does not wait for it.</summary>
    public AgentProcess Begin() => Home.Start("run", "--once", "--json");

    public ContainerFacts OldOf(string service) => Old.Single(container => container.Service == service);

    /// <summary>Pushes what the next cycle is to find, where it is no longer version 2.</summary>
    public async Task ReleaseAsync(string version)
    {
        Old = await Stack.PsAsync();
        before = (await events!.AllAsync()).Length;
        foreach (var service in wanted.Services)
        {
            await Stack.PushAsync(service, TestImage.Good(service, version));
        }
    }

    /// <summary>The very containers of version 1 run, nothing was ever done to them, and nothing else is there.</summary>
    public async Task IsUntouchedAsync()
    {
        Assert.Equal(Old.Select(Brief), (await Stack.PsAsync()).Select(Brief));
        var happened = (await events!.AllAsync()).Skip(before);
        Assert.DoesNotContain(happened, one => one.IsTouch && Old.Any(container => container.Id == one.ContainerId));

        Assert.All(Old, container => Assert.True(container.IsRunning, $"{container}"));
    }

    /// <summary>
    /// Every service serves this version from exactly one container with its own name and restart policy; nothing is
    /// parked or left behind, and compose finds nothing to do.
    /// </summary>
    /// <param name="tagMayLead">True where compose may find that a local tag has moved on.</param>
    public async Task RunsEverywhereAsync(string version, bool tagMayLead = false)
    {
        foreach (var service in wanted.Services)
        {
            await Stack.AnswersAsync(service, $"{service} {version}");
        }

        var there = await Stack.PsAsync();
        Assert.Equal(wanted.Services.Select(service => $"{Stack.Prefix}-{service}-1 running {wanted.Restart}").Order(StringComparer.Ordinal), there.Select(Standing));
        if (!tagMayLead)
        {
            Assert.Empty(await Stack.UpDryAsync());
        }
    }

    /// <returns>The one version that all services run, everything else being as <see cref="RunsEverywhereAsync"/> has it.</returns>
    public async Task<string> IsUniformAsync(bool tagMayLead = false)
    {
        var answer = await Eventually.GetAsync("an answer", async () => (string?)await Http.TextAsync(Stack.Url(wanted.Services[0])));
        var version = answer.Split(' ')[1];
        await RunsEverywhereAsync(version, tagMayLead);
        return version;
    }

    public async Task NothingIsQuarantinedAsync()
    {
        var listed = (await Home.RunAsync("quarantine", "list", "--json")).Exits(0);
        Assert.True(listed.Json["entries"]!.AsArray().Count == 0, listed.Output);
    }

    /// <summary>With the fault gone a cycle is as any other.</summary>
    public async Task TakesTheUpdateAsync(string version = "2")
    {
        await NothingIsQuarantinedAsync();
        var cycle = (await CycleAsync()).Exits(0);
        Assert.Equal(["committed"], cycle.Rollouts.Select(Told.Outcome));
        await RunsEverywhereAsync(version);
    }

    /// <summary>The outcomes in history with their reasons, newest first.</summary>
    public async Task<IReadOnlyList<string>> HistoryAsync()
    {
        var history = (await Home.RunAsync("history", "--json")).Exits(0);
        return [.. history.Json["entries"]!.AsArray().Select(entry => $"{entry!.Outcome()} {entry!.Reason()}".Trim())];
    }

    public async ValueTask DisposeAsync()
    {
        await Home.DisposeAsync();
        if (events is not null)
        {
            await events.DisposeAsync();
        }

        await Stack.DisposeAsync();
    }

    private async Task SetUpAsync()
    {
        foreach (var service in wanted.Services)
        {
            await Stack.PushAsync(service, TestImage.Good(service, "1"));
        }

        Stack.Write("services:\n" + string.Concat(wanted.Services.Select(service => $"""
              {service}:
                image: {Stack.Image(service)}
                restart: {wanted.Restart}
                ports: ["127.0.0.1:{Stack.Port(service)}:8080"]

            """)));
        await Stack.UpAsync();
        foreach (var service in wanted.Services)
        {
            await Stack.AnswersAsync(service, $"{service} 1");
        }

        Old = await Stack.PsAsync();
        events = await Stack.RecordAsync();
        foreach (var service in wanted.Services)
        {
            await Stack.PushAsync(service, wanted.Next(service));
        }
    }

    private static string Brief(ContainerFacts container) => $"{container.Name} {container.Id}";

    private static string Standing(ContainerFacts container) =>
        $"{container.Name} {container.Status} {container.Json["HostConfig"]!["RestartPolicy"]!["Name"]!.GetValue<string>()}";
}
