using System.Globalization;
using System.Text;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>
/// Reads HTTP/1.1 messages off one side of a connection: heads are taken apart, bodies are only passed on, piece by piece
/// as they come, so that streams stay streams.
/// </summary>
internal sealed class HttpWire(Stream stream)
{
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] EndOfLine = "\r\n"u8.ToArray();

    private readonly byte[] buffer = new byte[1 << 17];
    private int start;
    private int end;

    /// <summary>Null when the other side closed instead of beginning another message.</summary>
    public async Task<HttpHead?> ReadHeadAsync(CancellationToken ct) =>
        await ReadThroughAsync(EndOfHead, ct) is { } head ? new HttpHead(head) : null;

    /// <summary>Passes on the body that such a head announces: none without a length.</summary>
    public async Task RelayBodyAsync(HttpHead head, Stream to, CancellationToken ct)
    {
        if (head.IsChunked)
        {
            await RelayChunksAsync(to, ct);
        }
        else
        {
            await RelayAsync(head.Length ?? 0, to, ct);
        }
    }

    public Task RelayToEndAsync(Stream to, CancellationToken ct) => RelayAsync(long.MaxValue, to, ct);

    private async Task RelayChunksAsync(Stream to, CancellationToken ct)
    {
        long size;
        do
        {
            var line = await LineAsync(to, ct);
            size = long.Parse(line.Split(';')[0].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            await RelayAsync(size > 0 ? size + EndOfLine.Length : 0, to, ct);
        }
        while (size > 0);

        while (await LineAsync(to, ct) is not "\r\n")
        {
            // Trailers.
        }
    }

    private async Task<string> LineAsync(Stream to, CancellationToken ct)
    {
        var line = await ReadThroughAsync(EndOfLine, ct) ?? throw new IOException("closed within a chunked body");
        await to.WriteAsync(Encoding.Latin1.GetBytes(line), ct);
        return line;
    }

    private async Task RelayAsync(long length, Stream to, CancellationToken ct)
    {
        while (length > 0 && (end > start || await FillAsync(ct)))
        {
            var piece = (int)Math.Min(length, end - start);
            await to.WriteAsync(buffer.AsMemory(start, piece), ct);
            start += piece;
            length -= piece;
        }
    }

    private async Task<string?> ReadThroughAsync(byte[] mark, CancellationToken ct)
    {
        int found;
        while ((found = buffer.AsSpan(start, end - start).IndexOf(mark)) < 0)
        {
            if (!await FillAsync(ct))
            {
                return null;
            }
        }

        var text = Encoding.Latin1.GetString(buffer, start, found + mark.Length);
        start += found + mark.Length;
        return text;
    }

    private async Task<bool> FillAsync(CancellationToken ct)
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        var read = await stream.ReadAsync(buffer.AsMemory(end), ct);
        end += read;
        return read > 0;
    }
}
