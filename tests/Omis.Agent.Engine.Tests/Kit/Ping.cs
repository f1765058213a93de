using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>One HTTP question over a connection of its own, cheap enough to be asked hundreds of times a second.</summary>
internal static class Ping
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>The whole body of a 200, or null for anything else: who dies while he answers has not answered.</summary>
    public static async Task<string?> AskAsync(Uri url, CancellationToken ct)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timer.CancelAfter(Limit);
        try
        {
            var answer = await ExchangeAsync(url, timer.Token);
            var body = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            return answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) && body > 0 && answer.Length - body - 4 >= Promised(answer[..body]) ? answer[(body + 4)..].Trim() : null;
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>How much is to come, where the head says so.</summary>
    private static int Promised(string head) =>
        head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) is { } line
            ? int.Parse(line["Content-Length:".Length..], CultureInfo.InvariantCulture)
            : 0;

    private static async Task<string> ExchangeAsync(Uri url, CancellationToken ct)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        // Closing at once leaves no port in TIME_WAIT; thousands of them would run the machine out of ports.
        socket.LingerState = new LingerOption(true, 0);
        await socket.ConnectAsync(IPAddress.Loopback, url.Port, ct);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nConnection: close\r\n\r\n"), ct);
        var buffer = new byte[4096];
        var length = 0;
        while (length < buffer.Length && await socket.ReceiveAsync(buffer.AsMemory(length), ct) is var read and > 0)
        {
            length += read;
        }

        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
