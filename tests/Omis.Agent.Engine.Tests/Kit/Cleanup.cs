using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>Removes from an engine everything that a test made there, known by the test's prefix, and nothing else.</summary>
public static class Cleanup
{
    /// <exception cref="TimeoutException">Something could not be removed.</exception>
    public static async Task RemoveAllAsync(LabEngine engine, string prefix)
    {
        // What is still being removed by someone else answers with a conflict, and keeps its network and volumes for that long.
        IReadOnlyList<string> left = [];
        try
        {
            await Eventually.BeAsync("all is removed", async () =>
            {
                await RemoveAsync(engine, prefix);
                return (left = await LeftAsync(engine, prefix)).Count == 0;
            });
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{engine}: {late.Message}: {string.Join(", ", left)}", late);
        }
    }

    /// <summary>What is still there of a test, as text: nothing after <see cref="RemoveAllAsync"/>.</summary>
    public static async Task<IReadOnlyList<string>> LeftAsync(LabEngine engine, string prefix) => [
        .. (await ContainersAsync(engine, prefix)).Select(container => "container " + container),
        .. (await NamedAsync(engine, "/networks", prefix)).Select(network => "network " + network["Name"]),
        .. (await NamedAsync(engine, "/volumes", prefix)).Select(volume => "volume " + volume["Name"]),
        .. (await engine.ReferencesAsync(prefix)).Concat(await NamelessAsync(engine, prefix)).Select(image => "image " + image)];

    private static async Task RemoveAsync(LabEngine engine, string prefix)
    {
        var containers = await ContainersAsync(engine, prefix);
        await Task.WhenAll(containers.Select(container => engine.RemoveAsync(container.Id)));
        await Task.WhenAll([
            .. containers.SelectMany(container => container.Volumes).Where(name => IsOurs(name, prefix)).Distinct().Select(name => engine.DeleteAsync("/volumes/" + name)),
            RemoveNamedAsync(engine, "/networks", prefix, network => network["Id"]!.GetValue<string>()),
            RemoveNamedAsync(engine, "/volumes", prefix, volume => volume["Name"]!.GetValue<string>()),
            RemoveImagesAsync(engine, prefix),
        ]);
    }

    private static async Task<IReadOnlyList<ContainerFacts>> ContainersAsync(LabEngine engine, string prefix)
    {
        var labelled = await engine.WithLabelAsync("com.docker.compose.project=" + prefix);
        return [.. labelled.Concat(await engine.NamedAsync(prefix)).DistinctBy(container => container.Id)];
    }

    // A volume may have been named by someone else and only be used here; an anonymous one has an id for a name.
    private static bool IsOurs(string volume, string prefix) =>
        volume.StartsWith(prefix, StringComparison.Ordinal) || (volume.Length == 64 && volume.All(char.IsAsciiHexDigitLower));

    private static async Task<IReadOnlyList<JsonNode>> NamedAsync(LabEngine engine, string path, string prefix)
    {
        var answer = await engine.GetAsync($"{path}?{LabEngine.Filters("name", prefix)}");
        return [.. (answer as JsonArray ?? answer["Volumes"] as JsonArray ?? []).Select(found => found!)];
    }

    // With the containerd store an image whose tag has moved loses its repo@digest too: only its author still tells whose it was.
    private static async Task<IReadOnlyList<string>> NamelessAsync(LabEngine engine, string prefix)
    {
        var found = await engine.ImagesAsync(LabEngine.Filters("dangling", "true"));
        var images = await Task.WhenAll(found.Select(image => engine.TryGetAsync($"/images/{image!["Id"]}/json")));
        return [.. images.Where(image => image?["Author"]?.GetValue<string>() == prefix).Select(image => image!["Id"]!.GetValue<string>())];
    }

    private static async Task RemoveNamedAsync(LabEngine engine, string path, string prefix, Func<JsonNode, string> key)
    {
        foreach (var found in await NamedAsync(engine, path, prefix))
        {
            await engine.DeleteAsync($"{path}/{key(found)}");
        }
    }

    private static async Task RemoveImagesAsync(LabEngine engine, string prefix)
    {
        foreach (var reference in await engine.ReferencesAsync(prefix))
        {
            await engine.RemoveImageAsync(reference);
        }

        foreach (var id in await NamelessAsync(engine, prefix))
        {
            await engine.RemoveImageAsync(id);
        }
    }
}
