using System.Text.Json.Nodes;
using Omis.Agent.Engine.Tests.Kit;

namespace Omis.Agent.Bench;

/// <summary>What the engine itself needs to put one container in another's place: everything is pulled and created beforehand.</summary>
internal static class Floor
{
    /// <summary>A container like the running one but for its image, created and not started.</summary>
    public static async Task<string> CreateBesideAsync(LabEngine engine, ContainerFacts running, PushedImage image)
    {
        await engine.PullAsync(image.Reference);
        var config = running.Json["Config"]!.DeepClone().AsObject();
        config.Remove("Hostname");
        config["Image"] = image.Reference;
        config["HostConfig"] = running.Json["HostConfig"]!.DeepClone();
        var network = running.Json["HostConfig"]!["NetworkMode"]!.GetValue<string>();
        config["NetworkingConfig"] = new JsonObject
        {
            ["EndpointsConfig"] = new JsonObject { [network] = new JsonObject { ["Aliases"] = new JsonArray(running.Service) } },
        };
        return await engine.CreateAsync($"{running.Name}-{Guid.NewGuid():N}"[..^20], config);
    }

    public static async Task SwapAsync(LabEngine engine, string stops, string starts)
    {
        await engine.StopAsync(stops);
        await engine.StartAsync(starts);
    }
}
