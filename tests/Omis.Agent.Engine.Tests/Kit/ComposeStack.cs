using System.Diagnostics.CodeAnalysis;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>
/// A compose project of one test: its own name, repositories, ports and folder, all told by <see cref="Prefix"/>, by
/// which everything that came of it is removed in the end.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "That is what users of compose call it.")]
public sealed class ComposeStack : IAsyncDisposable
{
    private readonly Dictionary<string, int> ports = [];
    private readonly ComposeBinary compose;

    public ComposeStack(LabEngine engine, ComposeBinary? compose = null)
    {
        Engine = engine;
        this.compose = compose ?? Lab.Current.NewestCompose;
        Folder = Directory.CreateTempSubdirectory(Prefix + "-");
    }

    public LabEngine Engine { get; }

    /// <summary>The compose project's name, and the first part of its repositories' names.</summary>
    public string Prefix { get; } = "omis" + Guid.NewGuid().ToString("N")[..10];

    public DirectoryInfo Folder { get; }

    public string File => Path.Combine(Folder.FullName, "compose.yaml");

    /// <summary>Where the images are named to be: the lab's registry, or a proxy in front of it.</summary>
    public string Registry { get; init; } = Lab.Current.Registry.Address;

    /// <summary>The reference for a compose file.</summary>
    public string Image(string service, string tag = "latest") => $"{Registry}/{Repository(service)}:{tag}";

    /// <summary>The service's repository as the registry and its access log have it.</summary>
    public string Repository(string service) => $"{Prefix}/{service}";

    /// <summary>A free host port, the same each time for the same service.</summary>
    public int Port(string service)
    {
        if (!ports.TryGetValue(service, out var port))
        {
            ports[service] = port = FreePort.Next();
        }

        return port;
    }

    public Uri Url(string service, string path = "/") => new($"http://127.0.0.1:{Port(service)}{path}");

    /// <summary>Pushes an image for a service and moves the tag to it.</summary>
    public async Task<PushedImage> PushAsync(string service, TestImage image, string tag = "latest")
    {
        var pushed = await Lab.Current.Registry.PushAsync(Repository(service), tag, image with { Author = Prefix });
        return pushed with { Repository = $"{Registry}/{Repository(service)}" };
    }

    public void Write(string yaml) => System.IO.File.WriteAllText(File, yaml);

    /// <summary>A compose file of services that each publish 8080, for tests that do not care for more.</summary>
    public void WriteServices(params string[] services) =>
        Write("services:\n" + string.Concat(services.Select(service => $"""
              {service}:
                image: {Image(service)}
                ports: ["127.0.0.1:{Port(service)}:8080"]

            """)));

    public Task<ProcessResult> UpAsync(params string[] extra) => RunAsync(["up", "--detach", "--quiet-pull", .. extra]);

    /// <summary>What `docker compose up -d` would do now to anything that is not already as it should be: none after a good rollout.</summary>
    public async Task<IReadOnlyList<string>> UpDryAsync()
    {
        var dry = await RunAsync("--dry-run", "up", "--detach");
        return ComposeProgress.Changes(dry.Errors);
    }

    public Task<ProcessResult> DownAsync() => RunAsync("down", "--volumes", "--timeout", "0");

    /// <summary>The project's containers, running or not, by name.</summary>
    public Task<IReadOnlyList<ContainerFacts>> PsAsync() => Engine.WithLabelAsync("com.docker.compose.project=" + Prefix);

    /// <summary>The only container of the service.</summary>
    public async Task<ContainerFacts> ContainerAsync(string service) =>
        Assert.Single(await PsAsync(), container => container.Service == service);

    /// <summary>Waits until the service answers with this on its published port.</summary>
    public Task AnswersAsync(string service, string text) => Http.AnswersAsync(Url(service), text);

    /// <summary>An agent that sees this stack's containers on this engine and no other test's.</summary>
    public AgentHome Agent(string config = "{}") => new(new EngineProxy(Engine, Prefix), config);

    public Task<Pinger> PingAsync(string service) => Pinger.StartAsync(Url(service));

    public Task<EventRecorder> RecordAsync() => EventRecorder.StartAsync(Engine, Prefix);

    /// <exception cref="InvalidOperationException">Compose failed; the message has all that it said.</exception>
    public async Task<ProcessResult> RunAsync(params string[] arguments)
    {
        using var run = ChildProcess.Start(compose.Path, ["--project-name", Prefix, "--file", File, "--progress", "plain", .. arguments], Environment(), Folder.FullName);
        return (await run.EndAsync(TimeSpan.FromMinutes(2))).OrThrow();
    }

    public async ValueTask DisposeAsync()
    {
        Folder.Delete(recursive: true);
        await Cleanup.RemoveAllAsync(Engine, Prefix);
    }

    private Dictionary<string, string?> Environment() => new()
    {
        ["DOCKER_HOST"] = Engine.Endpoint.ToString(),
        ["DOCKER_CONFIG"] = Folder.FullName,
        ["DOCKER_CONTEXT"] = null,
        ["COMPOSE_FILE"] = null,
        ["COMPOSE_PROFILES"] = null,
    };
}
