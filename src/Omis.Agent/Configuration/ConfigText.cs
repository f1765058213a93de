using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Omis.Agent.Configuration;

/// <summary>From bytes to a JSON tree in which every string can be read, or to the place where that ends.</summary>
internal static partial class ConfigText
{
    private const int Depth = 64;

    public static JsonDocument? Parse(ReadOnlyMemory<byte> json, out ConfigError? error)
    {
        json = json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
        try
        {
            error = BadString(json.Span);
            return error is null ? JsonDocument.Parse(json, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = Depth }) : null;
        }
        catch (JsonException e)
        {
            var at = Offset(json.Span, e.LineNumber ?? 0) + (int)(e.BytePositionInLine ?? 0);
            error = At(json.Span, at, "not JSON: " + Quoted().Replace(Position().Replace(e.Message, ""), "'…'"));
            return null;
        }
    }

    // A lone surrogate or bytes that are not UTF-8 pass the parser and throw only when the string is asked for.
    private static ConfigError? BadString(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = Depth });
        while (reader.Read())
        {
            if (reader.TokenType is (JsonTokenType.String or JsonTokenType.PropertyName) && !IsText(ref reader))
            {
                return At(json, (int)reader.TokenStartIndex, "this text is not valid Unicode");
            }
        }

        return null;
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static ConfigError At(ReadOnlySpan<byte> json, int offset, string message)
    {
        var before = json[..Math.Min(offset, json.Length)];
        var line = before[(before.LastIndexOf((byte)'\n') + 1)..];
        return new ConfigError("", message, before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(line) + 1);
    }

    private static int Offset(ReadOnlySpan<byte> json, long line)
    {
        var offset = 0;
        for (; line > 0; line--)
        {
            offset += json[offset..].IndexOf((byte)'\n') + 1;
        }

        return offset;
    }

    /// <summary>What was found, which may be a password without its quotation marks.</summary>
    [GeneratedRegex("^'.{2,}'(?= is )", RegexOptions.Singleline)]
    private static partial Regex Quoted();

    [GeneratedRegex(@" (Path: [^|]*\| )?LineNumber: \d+ \| BytePositionInLine: \d+\.$")]
    private static partial Regex Position();
}
