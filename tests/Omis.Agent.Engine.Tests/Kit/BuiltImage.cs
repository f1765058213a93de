using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>An image in the pieces that a registry takes: blobs, the platforms' manifests, and what the tag names.</summary>
public sealed record BuiltImage(ImmutableArray<Blob> Blobs, ImmutableArray<Manifest> Platforms, Manifest Top, string ConfigDigest)
{
    private sealed record MediaTypes(string Index, string Manifest, string Config, string Layer);

    private static readonly MediaTypes Oci = new(
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.config.v1+json",
        "application/vnd.oci.image.layer.v1.tar+gzip");

    private static readonly MediaTypes Docker = new(
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.container.image.v1+json",
        "application/vnd.docker.image.rootfs.diff.tar.gzip");

    public static BuiltImage Of(TestImage image)
    {
        var types = image.Format is ImageFormat.OciIndex or ImageFormat.OciManifest ? Oci : Docker;
        var layers = new[] { Layer.Base, Layer.Of(image) };
        var single = image.Format is ImageFormat.OciManifest or ImageFormat.DockerManifest;
        var platforms = single ? image.Platforms[..1] : image.Platforms;
        var configs = platforms.Select(platform => Blob.Of(ImageConfig.Of(image, platform, layers))).ToArray();
        var manifests = configs.Select(config => Manifest.Of(ManifestJson(types, config, layers))).ToArray();
        var top = single ? manifests[0] : Manifest.Of(IndexJson(types, platforms, manifests));
        return new BuiltImage([.. layers.Select(layer => layer.Blob), .. configs], [.. manifests], top, configs[0].Digest);
    }

    private static JsonObject ManifestJson(MediaTypes types, Blob config, IEnumerable<Layer> layers) => new()
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = types.Manifest,
        ["config"] = Describe(config, types.Config),
        ["layers"] = new JsonArray([.. layers.Select(layer => Describe(layer.Blob, types.Layer))]),
    };

    private static JsonObject IndexJson(MediaTypes types, IEnumerable<string> platforms, IEnumerable<Manifest> manifests) => new()
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = types.Index,
        ["manifests"] = new JsonArray([.. platforms.Zip(manifests, OnPlatform)]),
    };

    private static JsonObject OnPlatform(string platform, Manifest manifest)
    {
        var entry = manifest.Describe();
        entry["platform"] = new JsonObject { ["os"] = platform.Split('/')[0], ["architecture"] = platform.Split('/')[1] };
        return entry;
    }

    private static JsonObject Describe(Blob blob, string mediaType) => new Manifest(blob, mediaType).Describe();
}
