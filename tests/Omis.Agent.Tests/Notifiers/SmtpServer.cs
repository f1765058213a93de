using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Omis.Agent.Tests.Notifiers;

/// <summary>A mail server in this process: as much of RFC 5321 and AUTH PLAIN (RFC 4954) as one message needs.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ended = new();
    private readonly Task serving;
    private readonly string[] offers;
    private readonly Func<string, string?> script;

    /// <param name="script">From a command to an answer of one's own; null for the usual one.</param>
    public SmtpServer(string[] offers, Func<string, string?>? script = null)
    {
        (this.offers, this.script) = (offers, script ?? (_ => null));
        listener.Start();
        serving = ServeAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    public ConcurrentQueue<string> Commands { get; } = new();

    public ConcurrentQueue<string> Mails { get; } = new();

    public async ValueTask DisposeAsync()
    {
        // In this order: who waits for a connection of a listener that is stopped beneath him gets another fault each time.
        await ended.CancelAsync();
        await serving;
        listener.Stop();
        ended.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(ended.Token);
                await TalkAsync(client.GetStream());
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or IOException)
        {
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        await SayAsync(stream, "220 mail.test ESMTP");
        while (await reader.ReadLineAsync(ended.Token) is { } command)
        {
            Commands.Enqueue(command);
            var answer = script(command) ?? Usual(command);
            await SayAsync(stream, answer);
            if (answer.StartsWith("354", StringComparison.Ordinal))
            {
                await TakeAsync(reader);
                await SayAsync(stream, "250 taken");
            }

            if (command == "QUIT")
            {
                return;
            }
        }
    }

    private async Task TakeAsync(StreamReader reader)
    {
        var mail = new StringBuilder();
        while (await reader.ReadLineAsync(ended.Token) is { } line && line != ".")
        {
            mail.Append(line).Append('\n');
        }

        Mails.Enqueue(mail.ToString());
    }

    private string Usual(string command) => command.Split(' ')[0] switch
    {
        "EHLO" => string.Join("\r\n", offers.Select(offer => "250-" + offer).Append("250 HELP")),
        "AUTH" => "235 welcome",
        "DATA" => "354 go on",
        "QUIT" => "221 bye",
        _ => "250 ok",
    };

    private static async Task SayAsync(NetworkStream stream, string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
}
