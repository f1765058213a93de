using System.Text.Json;

namespace Omis.Agent.Engine.Tests.Faults;

/// <summary>An engine of one test, which may stop and kill it.</summary>
public sealed class OwnEngine : IAsyncDisposable
{
    // Engines keep sockets here: the path has to be short.
    private readonly DirectoryInfo lab = Directory.CreateTempSubdirectory("omis-own-");

    private OwnEngine()
    {
    }

    public LabEngine Engine { get; private set; } = null!;

    private string Folder => Path.Combine(lab.FullName, "engine");

    public static Task<OwnEngine> StartAsync(string leg, bool liveRestore)
    {
        // Skips where this leg could not be had.
        _ = Lab.Current.Engine(leg);
        return new OwnEngine().OrDisposeAsync(async own =>
        {
            var file = await LabScript.RunAsync(["engine", "start", own.Folder, leg, .. liveRestore ? (string[])["--live-restore"] : []]);
            own.Engine = new LabEngine(JsonSerializer.Deserialize<EngineFacts>(await File.ReadAllTextAsync(file), JsonSerializerOptions.Web)!);
        });
    }

    public Task KillAsync() => LabScript.RunAsync("engine", "kill", Folder);

    public Task StopAsync() => LabScript.RunAsync("engine", "stop", Folder);

    public Task StartAgainAsync() => LabScript.RunAsync("engine", "start", Folder);

    public async ValueTask DisposeAsync() => await LabScript.RunAsync("down", lab.FullName);
}
