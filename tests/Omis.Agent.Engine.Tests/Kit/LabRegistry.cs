using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>The lab's registry. Images go to it straight over its HTTP API: no engine has seen them before the agent's pull.</summary>
public sealed class LabRegistry(RegistryFacts facts)
{
    private static readonly HttpClient Http = new();

    private readonly Uri root = new($"http://{facts.Address}/v2/");
    private readonly ConcurrentDictionary<(string Repository, string Digest), bool> pushed = new();
    private readonly ConcurrentDictionary<string, string> homes = new();

    /// <summary>host:port, as image references have it.</summary>
    public string Address => facts.Address;

    public AccessLog Log { get; } = new(new Uri($"http://{facts.Address}"), () => TextAsync(facts.AccessLog));

    /// <summary>Pushes the image and moves the tag to it, in that order.</summary>
    public async Task<PushedImage> PushAsync(string repository, string tag, TestImage image)
    {
        var built = BuiltImage.Of(image);
        await Task.WhenAll(built.Blobs.Select(blob => PushBlobAsync(repository, blob)));
        await Task.WhenAll(built.Platforms.Select(manifest => PutAsync(repository, manifest.Blob.Digest, manifest)));
        await PutAsync(repository, tag, built.Top);
        return new PushedImage($"{Address}/{repository}", tag, built.Top.Blob.Digest, built.Platforms[0].Blob.Digest, built.ConfigDigest);
    }

    /// <summary>Removes the tag only: what it named can still be had by its digest.</summary>
    public async Task DeleteTagAsync(string repository, string tag)
    {
        // This registry deletes manifests with all their tags, but no tag alone: so the tag is moved to a manifest that nothing else names.
        var throwaway = BuiltImage.Of(new TestImage { Author = $"throwaway {Guid.NewGuid()}", Format = ImageFormat.OciManifest });
        await Task.WhenAll(throwaway.Blobs.Select(blob => PushBlobAsync(repository, blob)));
        await PutAsync(repository, tag, throwaway.Top);
        await DeleteAsync(repository, throwaway.Top.Blob.Digest);
    }

    /// <summary>Removes a manifest or index and every tag that names it.</summary>
    public async Task DeleteAsync(string repository, string digest)
    {
        using var response = await Http.DeleteAsync(new Uri(root, $"{repository}/manifests/{digest}"));
        response.EnsureSuccessStatusCode();
    }

    private static async Task<string> TextAsync(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync();
    }

    private async Task PushBlobAsync(string repository, Blob blob)
    {
        if (pushed.ContainsKey((repository, blob.Digest)))
        {
            return;
        }

        var mount = homes.TryGetValue(blob.Digest, out var home) ? $"?mount={blob.Digest}&from={home}" : "";
        using var begun = await Http.PostAsync(new Uri(root, $"{repository}/blobs/uploads/{mount}"), null);
        begun.EnsureSuccessStatusCode();
        if (begun.StatusCode != HttpStatusCode.Created)
        {
            await UploadAsync(begun.Headers.Location!, blob);
        }

        homes.TryAdd(blob.Digest, repository);
        pushed.TryAdd((repository, blob.Digest), true);
    }

    private async Task UploadAsync(Uri location, Blob blob)
    {
        var where = new Uri(root, location);
        var separator = where.Query.Length > 0 ? '&' : '?';
        using var content = new ByteArrayContent(blob.Bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await Http.PutAsync(new Uri($"{where}{separator}digest={blob.Digest}"), content);
        response.EnsureSuccessStatusCode();
    }

    private async Task PutAsync(string repository, string reference, Manifest manifest)
    {
        using var content = new ByteArrayContent(manifest.Blob.Bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(manifest.MediaType);
        using var response = await Http.PutAsync(new Uri(root, $"{repository}/manifests/{reference}"), content);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"push {repository}:{reference}: {await response.Content.ReadAsStringAsync()}");
        }
    }
}
