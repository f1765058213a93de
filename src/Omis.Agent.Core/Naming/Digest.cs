using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omis.Agent.Core.Naming;

/// <summary>
/// The digest of a manifest or index, <c>sha256:</c> and 64 lower-case hex digits (or <c>sha512:</c> and 128).
/// An image ID of the engine is not a digest, though it looks like one.
/// Grammar: OCI image spec, descriptor.md, "Digests".
/// </summary>
[JsonConverter(typeof(DigestJson))]
public readonly record struct Digest
{
    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    private Digest(string value) => Value = value;

    public string Value { get; }

    /// <summary>The first twelve hex digits, as Docker's own tables show it.</summary>
    public string Brief => Value[(Value.IndexOf(':', StringComparison.Ordinal) + 1)..][..12];

    /// <exception cref="FormatException">The text is not a digest.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest)
            ? digest.Value
            : throw new FormatException($"'{text}' is not a digest; expected sha256: and 64 lower-case hex digits");

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Digest? digest)
    {
        digest = HexLength(text) is { } length && text!.Length == 7 + length && IsLowerHex(text.AsSpan(7))
            ? new Digest(text)
            : null;
        return digest is not null;
    }

    public override string ToString() => Value;

    private static int? HexLength(string? text) =>
        text is null ? null
        : text.StartsWith("sha256:", StringComparison.Ordinal) ? 64
        : text.StartsWith("sha512:", StringComparison.Ordinal) ? 128
        : null;

    private static bool IsLowerHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(LowerHex);
}

public sealed class DigestJson : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Digest.TryParse(reader.GetString(), out var digest) ? digest.Value : throw new JsonException("not a digest");

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
