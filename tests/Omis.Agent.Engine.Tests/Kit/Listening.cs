using System.Net.Sockets;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>A unix socket on which connections are served until this is disposed of, which breaks them all.</summary>
internal sealed class Listening : IDisposable
{
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<Socket, CancellationToken, Task> serve;

    public Listening(string path, Func<Socket, CancellationToken, Task> serve)
    {
        this.serve = serve;
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        _ = AcceptAsync();
    }

    public void Dispose()
    {
        listener.Dispose();
        stop.Cancel();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptAsync(stop.Token));
            }
        }
        catch (Exception end) when (end is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Disposed of.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            try
            {
                await serve(client, stop.Token);
            }
            catch (Exception end) when (end is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                // One side went away: closing the other is all there is to do.
            }
        }
    }
}
