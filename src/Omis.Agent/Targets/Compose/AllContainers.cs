using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Omis.Agent.Engine;

namespace Omis.Agent.Targets.Compose;

/// <summary>Looks at many containers, a few at a time. One that goes meanwhile is left out.</summary>
internal static class AllContainers
{
    private const int AtOnce = 8;

    public static async Task<ImmutableArray<ContainerView>> OfAsync(EngineClient engine, ImmutableArray<ListedContainer> listed, CancellationToken ct)
    {
        var containers = ImmutableArray.CreateBuilder<ContainerView>(listed.Length);
        foreach (var chunk in listed.Chunk(AtOnce))
        {
            var inspects = await Task.WhenAll(chunk.Select(container => engine.InspectAsync(container.Id, ct))).ConfigureAwait(false);
            containers.AddRange(inspects.OfType<JsonObject>().Select(inspect => new ContainerView(inspect)));
        }

        return containers.ToImmutable();
    }
}
