using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>Bytes with their digest, as registries name them.</summary>
public sealed record Blob(string Digest, byte[] Bytes)
{
    public static Blob Of(byte[] bytes) => new("sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes);

    public static Blob Of(JsonNode json) => Of(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));
}

/// <summary>A manifest or an index, with the media type that it is pushed and answered as.</summary>
public sealed record Manifest(Blob Blob, string MediaType)
{
    public static Manifest Of(JsonObject json) => new(Blob.Of(json), json["mediaType"]!.GetValue<string>());

    public JsonObject Describe() => new() { ["mediaType"] = MediaType, ["digest"] = Blob.Digest, ["size"] = Blob.Bytes.Length };
}
