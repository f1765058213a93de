using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Omis.Agent.Engine.Tests.Kit;

namespace Omis.Agent.Bench;

/// <summary>Many small running containers outside compose, of images that the registry has nothing newer for.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private Crowd(LabEngine engine) => Engine = engine;

    public LabEngine Engine { get; }

    /// <summary>The first part of every container's and repository's name.</summary>
    public string Prefix { get; } = "omis" + Guid.NewGuid().ToString("N")[..10];

    public static async Task<Crowd> UpAsync(LabEngine engine, int containers, int images)
    {
        var crowd = new Crowd(engine);
        try
        {
            var pushed = await crowd.ImagesAsync(images);
            await Parallel.ForAsync(0, containers, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
                await crowd.StartAsync(number, pushed[number % images].Reference));
            return crowd;
        }
        catch
        {
            await crowd.DisposeAsync();
            throw;
        }
    }

    public AgentHome Agent(string config = "{}") => new(new EngineProxy(Engine, Prefix), config);

    /// <summary>What the registry was asked about this crowd's images so far.</summary>
    public Task<ImmutableArray<RegistryRequest>> AskedAsync() => Lab.Current.Registry.Log.UnderAsync(Prefix + "/");

    public async ValueTask DisposeAsync() => await Cleanup.RemoveAllAsync(Engine, Prefix);

    private async Task<PushedImage[]> ImagesAsync(int count)
    {
        var pushed = new PushedImage[count];
        for (var i = 0; i < count; i++)
        {
            // Engines with the containerd image store refuse an empty layer, so there has to be a file.
            var image = new TestImage { Cmd = ["/bin/sleep", "86400"], Author = Prefix }.With("name", Name(i));
            pushed[i] = await Lab.Current.Registry.PushAsync($"{Prefix}/{Name(i)}", "latest", image);
            await Engine.PullAsync(pushed[i].Reference);
        }

        return pushed;
    }

    private async Task StartAsync(int number, string image) =>
        await Engine.StartAsync(await Engine.CreateAsync($"{Prefix}-{Name(number)}", new JsonObject
        {
            ["Image"] = image,
            ["HostConfig"] = new JsonObject { ["NetworkMode"] = "none" },
        }));

    private static string Name(int number) => "n" + number.ToString(CultureInfo.InvariantCulture);
}
