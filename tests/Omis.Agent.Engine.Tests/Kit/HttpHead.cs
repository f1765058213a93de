using System.Globalization;
using System.Text;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>The first line and the headers of a request or an answer.</summary>
internal sealed class HttpHead
{
    private readonly string[] headers;

    public HttpHead(string text)
    {
        var lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        (Line, headers) = (lines[0], lines[1..]);
    }

    public string Line { get; }

    /// <summary>Of a request.</summary>
    public string Method => Line.Split(' ')[0];

    /// <summary>Of a request: path and query.</summary>
    public string Target => Line.Split(' ')[1];

    /// <summary>Of an answer.</summary>
    public int Status => int.Parse(Line.Split(' ')[1], CultureInfo.InvariantCulture);

    public bool IsChunked => Value("Transfer-Encoding")?.Contains("chunked", StringComparison.OrdinalIgnoreCase) ?? false;

    public long? Length => Value("Content-Length") is { } length ? long.Parse(length, CultureInfo.InvariantCulture) : null;

    public bool Closes => Value("Connection")?.Contains("close", StringComparison.OrdinalIgnoreCase) ?? false;

    public HttpHead WithTarget(string target)
    {
        var parts = Line.Split(' ');
        return new HttpHead(string.Join("\r\n", [$"{parts[0]} {target} {parts[2]}", .. headers]));
    }

    public byte[] ToBytes() => Encoding.Latin1.GetBytes(string.Join("\r\n", [Line, .. headers, "", ""]));

    private string? Value(string name) =>
        headers.FirstOrDefault(header => header.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
