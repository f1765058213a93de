using System.Collections.Immutable;
using System.Text.Json;
using Omis.Agent.Core.Checking;

namespace Omis.Agent.Control.Webhooks;

/// <summary>What a payload says. Pure, and bounded in all that it reads.</summary>
internal abstract record Heard
{
    private Heard() { }

    public sealed record Pushed(ImmutableArray<ImageHint> Images) : Heard;

    /// <summary>It can be read and names nothing to look for: a ping, a deletion.</summary>
    public sealed record Nothing(string Why) : Heard;

    /// <summary>Azure Event Grid wants its code back.</summary>
    public sealed record Handshake(string Code) : Heard;

    /// <summary>It is not what this dialect's registry sends.</summary>
    public sealed record Garbled(string Why) : Heard;
}

/// <summary>One registry's way to tell of a push.</summary>
/// <param name="Read">From the payload's root; must not throw, whatever it is.</param>
internal sealed record Dialect(string Name, Func<JsonElement, Heard> Read)
{
    /// <summary>A payload that names more images is refused: no registry sends such.</summary>
    private const int MostImages = 500;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32 };

    public Heard Hear(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            return Read(document.RootElement) is var heard && heard is Heard.Pushed { Images.Length: > MostImages }
                ? new Heard.Garbled($"more than {MostImages} images at once")
                : heard;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // A key with a lone half of a surrogate pair passes the parser and throws only when another is looked for.
            return new Heard.Garbled("expected JSON, at most 32 levels deep");
        }
    }
}
