using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>One container as the engine showed it at one moment.</summary>
/// <param name="Json">The whole inspect document, for what has no property here.</param>
public sealed record ContainerFacts(JsonNode Json)
{
    public string Id => Json["Id"]!.GetValue<string>();

    public string Name => Json["Name"]!.GetValue<string>().TrimStart('/');

    /// <summary>created, running, restarting, exited, dead.</summary>
    public string Status => Json["State"]!["Status"]!.GetValue<string>();

    public bool IsRunning => Status == "running";

    public int ExitCode => Json["State"]!["ExitCode"]!.GetValue<int>();

    /// <summary>starting, healthy, unhealthy, or null where the image has no HEALTHCHECK.</summary>
    public string? Health => Json["State"]!["Health"]?["Status"]?.GetValue<string>();

    public DateTimeOffset StartedAt => Json["State"]!["StartedAt"]!.GetValue<DateTimeOffset>();

    /// <summary>The engine's local id of the image: with the containerd store that is a manifest's digest, otherwise a config's.</summary>
    public string ImageId => Json["Image"]!.GetValue<string>();

    /// <summary>The reference that the container was created with.</summary>
    public string Image => Json["Config"]!["Image"]!.GetValue<string>();

    public string? Service => Label("com.docker.compose.service");

    public string? Label(string name) => Json["Config"]!["Labels"]?[name]?.GetValue<string>();

    /// <summary>Names of the volumes that it mounts, anonymous ones too.</summary>
    public IEnumerable<string> Volumes =>
        from mount in Json["Mounts"]!.AsArray()
        where mount!["Type"]!.GetValue<string>() == "volume"
        select mount["Name"]!.GetValue<string>();

    public override string ToString() => $"{Name} {Id[..12]} {Status}{(Health is { } health ? "/" + health : "")}";
}
