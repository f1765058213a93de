using System.Reflection;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>A machine's worth of agent: config file, state directory, environment and the engine it looks after; gone when the test ends.</summary>
public sealed class AgentHome : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("omis-agent-");
    private readonly List<AgentProcess> started = [];

    /// <param name="config">Laid over what every test needs: endpoint, state directory and control socket.</param>
    public AgentHome(EngineProxy proxy, string config = "{}")
    {
        Proxy = proxy;
        Configure(config);
    }

    /// <summary>Through which the agent reaches its engine; the home takes it along when it goes.</summary>
    public EngineProxy Proxy { get; }

    public string Folder => folder.FullName;

    public string ConfigFile => Path.Combine(Folder, "omis-agent.json");

    public string StateDirectory => Path.Combine(Folder, "state");

    public string ControlSocket => Path.Combine(Folder, "control.sock");

    /// <summary>Added to the test's own; a null removes. HOME is a folder of its own, so that no login of the developer is used.</summary>
    public Dictionary<string, string?> Environment { get; } = new() { ["DOCKER_HOST"] = null, ["DOCKER_CONFIG"] = null, ["NO_COLOR"] = "1" };

    public static string Binary { get; } = System.Environment.GetEnvironmentVariable("OMIS_AGENT_BINARY") is { Length: > 0 } given
        ? given : typeof(AgentHome).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(noted => noted.Key == "Agent").Value!;

    // The built binary is not published: it looks for the runtime that runs this test.
    public static string RuntimeRoot => Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    /// <summary>Writes the config file anew. Objects are merged key by key, the later over the earlier; anything else replaces.</summary>
    public void Configure(params string[] configs)
    {
        var whole = new JsonObject
        {
            ["engine"] = new JsonObject { ["endpoint"] = Proxy.Endpoint.ToString() },
            ["state"] = new JsonObject { ["directory"] = StateDirectory },
            ["control"] = new JsonObject { ["socket"] = ControlSocket },
        };
        foreach (var config in configs)
        {
            Merge(whole, JsonNode.Parse(config)!.AsObject());
        }

        File.WriteAllText(ConfigFile, whole.ToJsonString());
    }

    /// <summary>Runs the agent to its end.</summary>
    /// <param name="arguments">Without --config.</param>
    /// <exception cref="TimeoutException">It took longer than two minutes and was killed; the message has all that it said.</exception>
    public Task<AgentResult> RunAsync(params string[] arguments) => RunAsync(TimeSpan.FromMinutes(2), arguments);

    public async Task<AgentResult> RunAsync(TimeSpan limit, params string[] arguments) => await Start(arguments).EndAsync(limit);

    /// <summary>One full cycle with JSON output.</summary>
    public Task<AgentResult> CycleAsync() => RunAsync("run", "--once", "--json");

    /// <summary>Starts the agent and leaves it running; it is killed when the home goes.</summary>
    /// <exception cref="InvalidOperationException">There is no agent to start.</exception>
    public AgentProcess Start(params string[] arguments)
    {
        if (!File.Exists(Binary))
        {
            throw new InvalidOperationException($"no agent at {Binary}: build the solution, or set OMIS_AGENT_BINARY");
        }

        var environment = new Dictionary<string, string?>(Environment) { ["HOME"] = Folder, ["DOTNET_ROOT"] = RuntimeRoot };
        var process = new AgentProcess(ChildProcess.Start(Binary, [.. arguments, "--config", ConfigFile], environment, Folder));
        started.Add(process);
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        started.ForEach(process => process.Dispose());
        await Proxy.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static void Merge(JsonObject into, JsonObject extra)
    {
        foreach (var (name, value) in extra)
        {
            if (into[name] is JsonObject mine && value is JsonObject theirs)
            {
                Merge(mine, theirs);
            }
            else
            {
                into[name] = value?.DeepClone();
            }
        }
    }
}
