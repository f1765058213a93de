using System.Buffers.Binary;
using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Kit;

public sealed partial class LabEngine
{
    /// <summary>Null where there is no such container.</summary>
    public async Task<ContainerFacts?> TryInspectAsync(string idOrName) =>
        await TryGetAsync($"/containers/{idOrName}/json") is { } json ? new ContainerFacts(json) : null;

    public async Task<ContainerFacts> InspectAsync(string idOrName) =>
        await TryInspectAsync(idOrName) ?? throw new InvalidOperationException($"{this}: no container {idOrName}");

    /// <summary>Containers with the label, running or not, by name.</summary>
    /// <param name="label">"name" or "name=value".</param>
    public Task<IReadOnlyList<ContainerFacts>> WithLabelAsync(string label) => ListAsync(Filters("label", label));

    public Task<IReadOnlyList<ContainerFacts>> NamedAsync(string prefix) => ListAsync(Filters("name", "^/?" + prefix));

    public async Task<string> CreateAsync(string name, JsonObject config) =>
        JsonNode.Parse(await PostAsync($"/containers/create?name={name}", config))!["Id"]!.GetValue<string>();

    public Task StartAsync(string id) => PostAsync($"/containers/{id}/start");

    public Task StopAsync(string id, int? graceSeconds = null) =>
        PostAsync($"/containers/{id}/stop" + (graceSeconds is { } seconds ? $"?t={seconds}" : ""));

    public Task KillAsync(string id, string signal = "KILL") => PostAsync($"/containers/{id}/kill?signal={signal}");

    public Task RenameAsync(string id, string name) => PostAsync($"/containers/{id}/rename?name={name}");

    /// <summary>Lays a file into the container, running or not, that all may read.</summary>
    /// <param name="path">Absolute; folders that are missing are made.</param>
    public async Task PutAsync(string id, string path, byte[] content)
    {
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            const UnixFileMode readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, path.TrimStart('/')) { DataStream = new MemoryStream(content), Mode = readable });
        }

        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v{version}/containers/{id}/archive?path=/") { Content = new ByteArrayContent(tar.ToArray()) };
        using var response = await http.SendAsync(request);
        await TextAsync(response);
    }

    /// <summary>Removes the container with its anonymous volumes, running or not.</summary>
    public Task RemoveAsync(string id) => DeleteAsync($"/containers/{id}?force=1&v=1");

    /// <summary>What the container has written, both streams in their order.</summary>
    public async Task<string> LogsAsync(string id)
    {
        using var response = await SendAsync(HttpMethod.Get, $"/containers/{id}/logs?stdout=1&stderr=1");
        response.EnsureSuccessStatusCode();
        return Demultiplex(await response.Content.ReadAsByteArrayAsync());
    }

    private async Task<IReadOnlyList<ContainerFacts>> ListAsync(string filters)
    {
        var ids = (await GetAsync($"/containers/json?all=1&{filters}")).AsArray().Select(found => found!["Id"]!.GetValue<string>());
        var seen = await Task.WhenAll(ids.Select(TryInspectAsync));
        return [.. seen.OfType<ContainerFacts>().OrderBy(container => container.Name, StringComparer.Ordinal)];
    }

    // Without a terminal each piece is led by eight bytes: the stream, three zeroes, and the length.
    private static string Demultiplex(ReadOnlySpan<byte> frames)
    {
        var text = new StringBuilder();
        while (frames.Length >= 8)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(frames[4..]);
            text.Append(Encoding.UTF8.GetString(frames.Slice(8, length)));
            frames = frames[(8 + length)..];
        }

        return text.ToString();
    }
}
