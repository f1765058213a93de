using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Kit;

public sealed partial class LabEngine
{
    /// <exception cref="InvalidOperationException">The pull failed, be it at once or in the middle of the stream.</exception>
    public async Task PullAsync(string reference)
    {
        var name = reference.Contains('@') ? $"fromImage={Uri.EscapeDataString(reference)}"
            : $"fromImage={reference[..reference.LastIndexOf(':')]}&tag={reference[(reference.LastIndexOf(':') + 1)..]}";
        var progress = await PostAsync("/images/create?" + name);

        // A pull that fails half way has long answered 200.
        if (progress.Contains("\"errorDetail\"", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{this}: pull {reference}: {progress.Trim().Split('\n')[^1]}");
        }
    }

    /// <summary>The id of the image that the reference names on this engine now, or null.</summary>
    public async Task<string?> ImageIdAsync(string reference) =>
        (await TryGetAsync($"/images/{reference}/json"))?["Id"]!.GetValue<string>();

    /// <summary>The repo@digest references under which the engine knows the image.</summary>
    public async Task<IReadOnlyList<string>> RepoDigestsAsync(string reference) =>
        Strings((await GetAsync($"/images/{reference}/json"))["RepoDigests"]);

    public Task TagAsync(string reference, string repository, string tag) =>
        PostAsync($"/images/{reference}/tag?repo={repository}&tag={tag}");

    public Task RemoveImageAsync(string reference) => DeleteAsync($"/images/{reference}?force=1");

    /// <summary>Every repo:tag and repo@digest on the engine that has the text in its name.</summary>
    public async Task<IReadOnlyList<string>> ReferencesAsync(string containing)
    {
        var images = await ImagesAsync();
        return [.. images.SelectMany(image => Strings(image!["RepoTags"]).Concat(Strings(image["RepoDigests"])))
            .Where(reference => reference.Contains(containing, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    // With the containerd store the whole list is "not found" when one image is removed while it is made.
    internal async Task<JsonArray> ImagesAsync(string filters = "") =>
        (await Eventually.GetAsync("the images are listed", () => TryGetAsync("/images/json?all=1&" + filters))).AsArray();

    private static IReadOnlyList<string> Strings(JsonNode? array) =>
        [.. array?.AsArray().Select(text => text!.GetValue<string>()).Where(text => !text.Contains("<none>", StringComparison.Ordinal)) ?? []];
}
