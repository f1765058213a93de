using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine;

/// <summary>A path in a container, as the engine tells of it without its content.</summary>
/// <param name="Mode">As Go has it: the type in the high bits, zero there for a regular file.</param>
internal readonly record struct FileFacts(string Path, long Size, uint Mode, DateTimeOffset Changed)
{
    public bool IsRegular => (Mode & 0x8F280000) == 0;
}

/// <summary>Files in a container's own layer. Source: Engine API, ContainerChanges and ContainerArchive.</summary>
internal sealed class ContainerFiles(EngineConnection connection)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Every path that differs from the image, folders too.</summary>
    public Task<ImmutableArray<string>> ChangedAsync(string id, CancellationToken ct) =>
        connection.CallAsync("list changes", Limit, async (session, token) =>
        {
            using var response = await session.Raw.GetAsync(Address(session, $"/containers/{id}/changes"), token).ConfigureAwait(false);
            var body = await SucceededAsync("list changes", response, token).ConfigureAwait(false);
            return JsonNode.Parse(await body.ReadAsStringAsync(token).ConfigureAwait(false)).Items()
                .Where(change => change?["Kind"].Number() is null or 0 or 1).Select(change => change?["Path"].Text()).OfType<string>().ToImmutableArray();
        }, ct);

    /// <returns>Null where there is no such path.</returns>
    public Task<FileFacts?> FactsAsync(string id, string path, CancellationToken ct) =>
        connection.CallAsync("look at a file", Limit, async (session, token) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, Archive(session, id, path));
            using var response = await session.Raw.SendAsync(request, token).ConfigureAwait(false);
            return response.IsSuccessStatusCode && response.Headers.TryGetValues("X-Docker-Container-Path-Stat", out var stat)
                && JsonNode.Parse(Convert.FromBase64String(stat.First())) is { } facts
                && DateTimeOffset.TryParse(facts["mtime"].Text(), CultureInfo.InvariantCulture, out var changed)
                ? new FileFacts(path, facts["size"].Number() ?? 0, (uint)(facts["mode"].Number() ?? 0), changed)
                : (FileFacts?)null;
        }, ct);

    /// <summary>One path as a tar archive, in memory.</summary>
    public Task<byte[]> ReadAsync(string id, string path, CancellationToken ct) =>
        connection.CallAsync("read a file", Limit, async (session, token) =>
        {
            using var response = await session.Raw.GetAsync(Archive(session, id, path), token).ConfigureAwait(false);
            var body = await SucceededAsync("read a file", response, token).ConfigureAwait(false);
            return await body.ReadAsByteArrayAsync(token).ConfigureAwait(false);
        }, ct);

    /// <summary>Unpacks an archive at the container's root, owners as they stand in it.</summary>
    public Task WriteAsync(string id, byte[] archive, CancellationToken ct) =>
        connection.CallAsync("write files", Limit, async (session, token) =>
        {
            using var content = new ByteArrayContent(archive);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
            using var response = await session.Raw.PutAsync(Archive(session, id, "/"), content, token).ConfigureAwait(false);
            await SucceededAsync("write files", response, token).ConfigureAwait(false);
            return true;
        }, ct);

    private static Uri Archive(EngineSession session, string id, string path) => Address(session, $"/containers/{id}/archive?path={Uri.EscapeDataString(path)}");

    private static Uri Address(EngineSession session, string path) => new(session.Path(path), UriKind.Relative);

    private static async Task<HttpContent> SucceededAsync(string what, HttpResponseMessage response, CancellationToken ct) =>
        response.IsSuccessStatusCode ? response.Content
        : throw EngineAnswerException.Of(what, response.StatusCode, await response.Content.ReadAsStringAsync(ct).ConfigureAwait(false));
}
