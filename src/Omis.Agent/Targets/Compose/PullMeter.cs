using Docker.DotNet.Models;

namespace Omis.Agent.Targets.Compose;

/// <summary>Adds up the engine's progress of all layers of one pull.</summary>
internal sealed class PullMeter
{
    private readonly Dictionary<string, (long Current, long Total)> layers = [];

    /// <returns>The bytes so far, or null where the message tells nothing of bytes.</returns>
    public (long Current, long Total)? Add(JSONMessage message)
    {
        if (message.ID is not { Length: > 0 } layer || message.Status is null)
        {
            return null;
        }

        if (message is { Status: "Downloading", Progress: { Total: > 0 and { } total, Current: { } current } })
        {
            layers[layer] = (current, total);
        }
        else if (message.Status is "Download complete" or "Pull complete" && layers.TryGetValue(layer, out var known))
        {
            layers[layer] = (known.Total, known.Total);
        }
        else
        {
            return null;
        }

        return (layers.Values.Sum(one => one.Current), layers.Values.Sum(one => one.Total));
    }
}
