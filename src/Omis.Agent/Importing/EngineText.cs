using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Omis.Agent.Core.Observing;
using Omis.Agent.Engine;

namespace Omis.Agent.Importing;

/// <summary>Finds the Watchtower that an engine runs, with Watchtower's labels on all containers.</summary>
internal sealed class EngineText(EngineClient engine)
{
    /// <param name="name">Which container; null for the one whose image is called so.</param>
    /// <exception cref="ImportException">There is none, or more than one.</exception>
    public async Task<WatchtowerRun> ReadAsync(string? name, CancellationToken ct)
    {
        var containers = ImmutableArray.CreateBuilder<JsonObject>();
        foreach (var listed in await engine.ListAsync([], ct))
        {
            if (await engine.InspectAsync(listed.Id, ct) is { } inspect)
            {
                containers.Add(inspect);
            }
        }

        var found = containers.Where(container => name is null ? WatchtowerRun.IsImage(container["Config"]?["Image"].Text()) : NameOf(container) == name.TrimStart('/')).ToArray();
        return found switch
        {
            [var one] => Read(one) with { Labels = [.. containers.Where(other => other != one).SelectMany(LabelsOf)] },
            [] => throw new ImportException(name is null
                ? "no container on this engine has an image called watchtower; give one by --container, or a file with its 'docker run' command or its compose file"
                : $"no container on this engine is called {name}"),
            _ => throw new ImportException($"several containers are a Watchtower: {string.Join(", ", found.Select(NameOf))}; choose one by --container"),
        };
    }

    /// <summary>What the image brings along is not what a person gave; Watchtower's own image brings no option.</summary>
    public static WatchtowerRun Read(JsonObject inspect) => WatchtowerRun.Empty with
    {
        Environment = (inspect["Config"]?["Env"].Texts() ?? []).Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2).GroupBy(pair => pair[0]).ToImmutableDictionary(pair => pair.Key, pair => pair.Last()[1]),
        Arguments = [.. inspect["Config"]?["Cmd"].Texts() ?? []],
        Mounts = [.. inspect["HostConfig"]?["Binds"].Texts() ?? []],
        Ports = [.. inspect["HostConfig"]?["PortBindings"].Members().SelectMany(port => port.Value.Items().Select(binding => Published(binding, port.Key))) ?? []],
    };

    private static string Published(JsonNode? binding, string port) =>
        $"{(binding?["HostIp"].Text() is { Length: > 0 } address ? address + ":" : "")}{binding?["HostPort"].Text()}:{port.Split('/')[0]}";

    private static string NameOf(JsonObject container) => container["Name"].Text()!.TrimStart('/');

    private static IEnumerable<(string, string)> LabelsOf(JsonObject container) =>
        container["Config"]?["Labels"].Members().Where(label => label.Key.StartsWith(WorkloadLabels.WatchtowerPrefix, StringComparison.Ordinal)).Select(label => (NameOf(container), label.Key)) ?? [];
}
