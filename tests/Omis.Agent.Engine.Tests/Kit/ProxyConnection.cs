using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>One client's connection: its requests one after another, until either side closes or the connection is upgraded.</summary>
internal sealed class ProxyConnection(EngineProxy proxy, Socket client, Socket engine) : IDisposable
{
    private enum Next
    {
        Request,
        RawStream,
        Nothing,
    }

    private readonly NetworkStream toClient = new(client);
    private readonly NetworkStream toEngine = new(engine);

    public async Task RunAsync(CancellationToken ct)
    {
        var fromClient = new HttpWire(toClient);
        var fromEngine = new HttpWire(toEngine);
        var next = Next.Request;
        while (next == Next.Request && await fromClient.ReadHeadAsync(ct) is { } request)
        {
            next = await WatchedAsync(gone => ExchangeAsync(request, fromClient, fromEngine, gone), ct);
        }

        if (next == Next.RawStream)
        {
            // For attach and exec the client speaks on it too.
            await Task.WhenAny(fromEngine.RelayToEndAsync(toClient, ct), SpeakAsync(fromClient, ct));
        }
    }

    public void Dispose()
    {
        toClient.Dispose();
        toEngine.Dispose();
    }

    private async Task<Next> ExchangeAsync(HttpHead request, HttpWire fromClient, HttpWire fromEngine, CancellationToken ct)
    {
        var call = proxy.Note(request);
        var verdict = await proxy.BeforeAsync(call).WaitAsync(ct);
        if (verdict is not Verdict.PassOn)
        {
            await fromClient.RelayBodyAsync(request, Stream.Null, ct);
            return await RefuseAsync(verdict, ct);
        }

        await toEngine.WriteAsync(EngineScope.Apply(proxy.Scope, call, request).ToBytes(), ct);
        await fromClient.RelayBodyAsync(request, toEngine, ct);
        var answer = await AnswerAsync(fromEngine, ct);
        call.Note(answer.Status);
        verdict = await proxy.AfterAsync(call).WaitAsync(ct);
        if (verdict is not Verdict.PassOn)
        {
            // The engine's own answer may still be on its way in: this connection to it is of no further use.
            await RefuseAsync(verdict, ct);
            return Next.Nothing;
        }

        await toClient.WriteAsync(answer.ToBytes(), ct);
        return await BodyAsync(request, answer, fromEngine, ct);
    }

    private async Task<HttpHead> AnswerAsync(HttpWire fromEngine, CancellationToken ct)
    {
        while (true)
        {
            var answer = await fromEngine.ReadHeadAsync(ct) ?? throw new IOException("the engine closed without an answer");
            if (answer.Status is 101 or >= 200)
            {
                return answer;
            }

            await toClient.WriteAsync(answer.ToBytes(), ct);
        }
    }

    private async Task<Next> BodyAsync(HttpHead request, HttpHead answer, HttpWire fromEngine, CancellationToken ct)
    {
        var isEmpty = request.Method == "HEAD" || answer.Status is 204 or 304;
        if (!isEmpty && !answer.IsChunked && answer.Length is null)
        {
            return Next.RawStream;
        }

        if (!isEmpty)
        {
            await fromEngine.RelayBodyAsync(answer, toClient, ct);
        }

        return request.Closes || answer.Closes ? Next.Nothing : Next.Request;
    }

    // That the client has no more to say (standard input ended) does not mean that it has heard all.
    private async Task SpeakAsync(HttpWire fromClient, CancellationToken ct)
    {
        await fromClient.RelayToEndAsync(toEngine, ct);
        engine.Shutdown(SocketShutdown.Send);
        await Task.Delay(Timeout.Infinite, ct);
    }

    private async Task<Next> RefuseAsync(Verdict verdict, CancellationToken ct)
    {
        switch (verdict)
        {
            case Verdict.AnswerWith(var status, var message):
                var body = JsonSerializer.Serialize(new { message });
                await toClient.WriteAsync(Encoding.UTF8.GetBytes(
                    $"HTTP/1.1 {status} Injected\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"), ct);
                return Next.Request;
            case Verdict.Wait:
                await Task.Delay(Timeout.Infinite, ct);
                return Next.Nothing;
            default:
                // Half a line, as .NET sends a request without a body again, unasked, when a kept connection closes without a byte.
                await toClient.WriteAsync("HTTP/1.1 "u8.ToArray(), ct);
                return Next.Nothing;
        }
    }

    // A client that hangs up while it waits means it: the engine stops a pull only when its own client has gone.
    private async Task<Next> WatchedAsync(Func<CancellationToken, Task<Next>> exchange, CancellationToken ct)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watch = WatchAsync(gone);
        try
        {
            return await exchange(gone.Token);
        }
        finally
        {
            await gone.CancelAsync();
            await watch;
        }
    }

    private async Task WatchAsync(CancellationTokenSource gone)
    {
        try
        {
            if (await client.ReceiveAsync(new byte[1], SocketFlags.Peek, gone.Token) == 0)
            {
                await gone.CancelAsync();
            }
        }
        catch (Exception end) when (end is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The exchange ended first, or the client's end broke.
        }
    }
}
