using System.Formats.Tar;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>One container outside compose, as `docker run -p PORT:8080 IMAGE` makes it, gone when the test ends.</summary>
public sealed class Trial : IAsyncDisposable
{
    private readonly int port = FreePort.Next();

    private Trial(LabEngine engine) => Engine = engine;

    public LabEngine Engine { get; }

    /// <summary>Its name is the container's, and the first part of its repository's.</summary>
    public string Prefix { get; } = "omis" + Guid.NewGuid().ToString("N")[..10];

    public string Id { get; private set; } = "";

    public static async Task<Trial> StartAsync(string leg, TestImage image)
    {
        var trial = await CreateAsync(leg, image);
        await trial.StartAsync();
        return trial;
    }

    public static Task<Trial> CreateAsync(string leg, TestImage image) =>
        new Trial(Lab.Current.Engine(leg)).OrDisposeAsync(trial => trial.CreateAsync(image));

    public Task StartAsync() => Engine.StartAsync(Id);

    public Task<ContainerFacts> SeenAsync() => Engine.InspectAsync(Id);

    public Task<string> LogsAsync() => Engine.LogsAsync(Id);

    public Task AnswersAsync(string text) => Http.AnswersAsync(Url("/"), text);

    public Task<int> StatusAsync(string path) => Http.StatusAsync(Url(path));

    public Task<ContainerFacts> EndsAsync() => BecomesAsync("exited", seen => seen.Status == "exited");

    public async Task<ContainerFacts> StopAsync(int? graceSeconds = null)
    {
        await Engine.StopAsync(Id, graceSeconds);
        return await SeenAsync();
    }

    public Task<ContainerFacts> BecomesAsync(string what, Func<ContainerFacts, bool> so) =>
        Eventually.GetAsync($"{Prefix} is {what}", async () => await SeenAsync() is var seen && so(seen) ? seen : null);

    /// <summary>A file's content out of the container, running or not.</summary>
    public async Task<string> ReadAsync(string path)
    {
        using var response = await Engine.SendAsync(HttpMethod.Get, $"/containers/{Id}/archive?path={path}");
        response.EnsureSuccessStatusCode();
        await using var tar = new TarReader(await response.Content.ReadAsStreamAsync());
        using var text = new StreamReader((await tar.GetNextEntryAsync())!.DataStream!);
        return await text.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync() => await Cleanup.RemoveAllAsync(Engine, Prefix);

    private Uri Url(string path) => new($"http://127.0.0.1:{port}{path}");

    private async Task CreateAsync(TestImage image)
    {
        var pushed = await Lab.Current.Registry.PushAsync($"{Prefix}/it", "1", image with { Author = Prefix });
        await Engine.PullAsync(pushed.Reference);
        Id = await Engine.CreateAsync(Prefix, new JsonObject
        {
            ["Image"] = pushed.Reference,
            ["ExposedPorts"] = new JsonObject { ["8080/tcp"] = new JsonObject() },
            ["HostConfig"] = new JsonObject { ["PortBindings"] = new JsonObject { ["8080/tcp"] = new JsonArray(new JsonObject { ["HostIp"] = "127.0.0.1", ["HostPort"] = $"{port}" }) } },
        });
    }
}
