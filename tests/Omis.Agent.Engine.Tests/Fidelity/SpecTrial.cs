using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Fidelity;

/// <summary>Many containers outside compose on one engine, each after its own spec, and one cycle that updates them all.</summary>
internal sealed class SpecTrial : IAsyncDisposable
{
    private const string Rules = """{ "defaults": { "healthy": { "stableFor": "0s", "deadline": "60s" }, "revertBudget": "60s" } }""";

    private static readonly string[] Collisions = ["port is already allocated", "address already in use"];

    private static readonly Version ManyNetworks = new(1, 44);

    private readonly ComposeStack stack;
    private readonly AgentHome agent;
    private readonly Version api;
    private string image = "";

    private SpecTrial(LabEngine engine, Version api)
    {
        (stack, this.api) = (new ComposeStack(engine), api);
        agent = stack.Agent(Rules);
    }

    private LabEngine Engine => stack.Engine;

    public static Task<SpecTrial> StartAsync(LabEngine engine, Version api) =>
        new SpecTrial(engine, api).OrDisposeAsync(trial => trial.SetUpAsync());

    /// <returns>
    /// Differences by spec, of those that the engine could make and start. Null where the update met a port that is taken:
    /// while a container is down any engine of the machine may give its port to one of another test.
    /// </returns>
    public async Task<Dictionary<Spec, IReadOnlyList<string>?>> RunAsync(IReadOnlyList<Spec> specs)
    {
        var made = new Dictionary<Spec, ContainerFacts>();
        for (var i = 0; i < specs.Count; i++)
        {
            if (await TryMakeAsync(specs[i], i) is { } container)
            {
                made[specs[i]] = container;
            }
        }

        await stack.PushAsync("app", DefaultsImage.Of(2));
        var cycle = await agent.RunAsync(TimeSpan.FromMinutes(10), "run", "--once", "--json");
        var differences = new Dictionary<Spec, IReadOnlyList<string>?>();
        foreach (var (spec, old) in made)
        {
            var number = specs.ToList().IndexOf(spec);
            var collided = Told(cycle, old) is { } told && Collisions.Any(told.ToJsonString().Contains);
            differences[spec] = collided ? null : await CompareAsync(spec, number, old, cycle);
        }

        return differences;
    }

    public async ValueTask DisposeAsync()
    {
        await agent.DisposeAsync();
        await stack.DisposeAsync();
    }

    private async Task SetUpAsync()
    {
        await Engine.PullAsync((await stack.PushAsync("friend", TestImage.Good("friend", "1"))).Reference);
        image = (await stack.PushAsync("app", DefaultsImage.Of(1))).Reference;
        await Engine.PullAsync(image);
        var subnet = ComposeTable.Subnet(stack, 0) + ".0/24";
        await Engine.PostAsync("/networks/create", new JsonObject { ["Name"] = stack.Prefix + "-one", ["IPAM"] = new JsonObject { ["Config"] = new JsonArray(new JsonObject { ["Subnet"] = subnet }) } });
        await Engine.PostAsync("/networks/create", new JsonObject { ["Name"] = stack.Prefix + "-two" });
        var friend = await Engine.CreateAsync(stack.Prefix + "-friend", new JsonObject
        {
            ["Image"] = stack.Image("friend"),
            ["Volumes"] = new JsonObject { ["/lent"] = new JsonObject() },
            ["HostConfig"] = new JsonObject { ["IpcMode"] = "shareable", ["Binds"] = new JsonArray($"{stack.Prefix}-deep:/deep") },
        });
        await Engine.StartAsync(friend);
        await Engine.PostAsync($"/networks/{stack.Prefix}-one/connect", new JsonObject { ["Container"] = friend });
        await ExecAsync(friend, "mkdir", "/deep/below");
    }

    private async Task ExecAsync(string id, params string[] command)
    {
        var exec = JsonNode.Parse(await Engine.PostAsync($"/containers/{id}/exec", new JsonObject { ["Cmd"] = new JsonArray([.. command.Select(part => (JsonNode)part)]), ["AttachStdout"] = true }))!["Id"]!.GetValue<string>();
        await Engine.PostAsync($"/exec/{exec}/start", new JsonObject());
    }

    private Place PlaceOf(int number) => new(stack.Prefix, ComposeTable.Subnet(stack, 0), number, api, stack.Folder.FullName);

    /// <summary>What the engine cannot make or run of a random mixture says nothing about the agent.</summary>
    private async Task<ContainerFacts?> TryMakeAsync(Spec spec, int number)
    {
        var name = $"{stack.Prefix}-{number}";
        try
        {
            var id = await MakeAsync(spec, number, name);
            await Engine.StartAsync(id);
            return await Engine.InspectAsync(id) is { IsRunning: true } running ? running : null;
        }
        catch (InvalidOperationException)
        {
            if (await Engine.TryInspectAsync(name) is { } half)
            {
                await Engine.RemoveAsync(half.Id);
            }

            return null;
        }
    }

    private async Task<string> MakeAsync(Spec spec, int number, string name)
    {
        var body = spec.Body(image, PlaceOf(number));
        var endpoints = body["NetworkingConfig"]?["EndpointsConfig"] as JsonObject ?? [];
        var later = api < ManyNetworks ? endpoints.Skip(1).Select(endpoint => KeyValuePair.Create(endpoint.Key, endpoint.Value!.DeepClone())).ToArray() : [];
        foreach (var endpoint in later)
        {
            endpoints.Remove(endpoint.Key);
        }

        var id = await Engine.CreateAsync(name, body);
        foreach (var endpoint in later)
        {
            await Engine.PostAsync($"/networks/{endpoint.Key}/connect", new JsonObject { ["Container"] = id, ["EndpointConfig"] = endpoint.Value });
        }

        return id;
    }

    private async Task<IReadOnlyList<string>> CompareAsync(Spec spec, int number, ContainerFacts old, AgentResult cycle)
    {
        var now = await Engine.InspectAsync($"{stack.Prefix}-{number}");
        if (now.Id == old.Id)
        {
            return [$"it was not updated: {Told(cycle, now)?["reason"]?.ToJsonString() ?? cycle.ToString()}"];
        }

        var twin = await Engine.InspectAsync(await MakeAsync(spec, number, $"{stack.Prefix}-{number}-twin"));
        var friend = await Engine.InspectAsync(stack.Prefix + "-friend");
        var names = new Dictionary<string, string> { [friend.Id] = "friend" };

        // A volume that only the old image asked for stays, with its data.
        var (isLines, should) = (Likeness.Of(now, names).Where(line => !line.StartsWith("/Mounts//new-1/", StringComparison.Ordinal)), Likeness.Of(twin, names));
        var differences = Likeness.Differences([.. isLines], [.. should.Where(line => !line.StartsWith("/Mounts//new-1/", StringComparison.Ordinal))]).ToList();
        differences.AddRange(Likeness.Differences(Likeness.Ports(now), Ports(old, now)));
        differences.AddRange(old.Volumes.Except(now.Volumes).Select(volume => $"should  keep volume {volume}"));
        differences.AddRange(Hardware(old).Except(Hardware(now)));
        await Engine.RemoveAsync(twin.Id);
        return differences;
    }

    /// <summary>The rollout that it was part of: containers that share something with each other are one project.</summary>
    private static JsonNode? Told(AgentResult cycle, ContainerFacts container) =>
        cycle.Rollouts.FirstOrDefault(rollout => rollout["steps"]!.AsArray().Any(step => step!["service"]!.GetValue<string>() == container.Name));

    /// <summary>Numbers stay; with all ports published, those that only one image exposes come and go.</summary>
    private static IReadOnlyList<string> Ports(ContainerFacts old, ContainerFacts now)
    {
        var (before, after) = (Likeness.Ports(old), Likeness.Ports(now));
        return !old.Json["HostConfig"]!["PublishAllPorts"]!.GetValue<bool>() ? before :
        [
            .. before.Where(line => Exposes(now, line)),
            .. after.Where(line => Exposes(now, line) && !before.Any(other => other.StartsWith(line.Split(' ')[0] + " ", StringComparison.Ordinal))),
        ];
    }

    private static bool Exposes(ContainerFacts container, string line) =>
        container.Json["Config"]!["ExposedPorts"]!.AsObject().ContainsKey(line.Split(' ')[0]);

    /// <summary>Hardware addresses that a spec asks for begin with this.</summary>
    private static IEnumerable<string> Hardware(ContainerFacts container) =>
        container.Json["NetworkSettings"]!["Networks"]!.AsObject().Select(network => $"should  have {network.Key} {network.Value!["MacAddress"]}").Where(line => line.Contains("02:42:7", StringComparison.Ordinal));
}
