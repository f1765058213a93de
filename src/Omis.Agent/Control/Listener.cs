using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Omis.Agent.Control.Sockets;

namespace Omis.Agent.Control;

/// <summary>
/// One address that is open. Kestrel by itself, without a host, services, routing or middleware, which would double what
/// it costs in memory. It has no log either: its lines may show a request's line, in which there may be a token.
/// </summary>
internal sealed class Listener : IAsyncDisposable
{
    /// <summary>More at once are turned away: callers are a few registries and a person, though some call for each image of a release.</summary>
    private const int Connections = 256;

    private static readonly TimeSpan Headers = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly KestrelServer server;

    private Listener(KestrelServer server, IPEndPoint? address) => (this.server, Address) = (server, address);

    /// <summary>Of a port, with the number that the system chose where none was named.</summary>
    public IPEndPoint? Address { get; }

    /// <exception cref="IOException">The address is taken, or none of this machine's; the certificate cannot be read.</exception>
    public static async Task<Listener> OpenAsync(Door door, Reception reception)
    {
        var (options, sockets) = (new KestrelServerOptions { AddServerHeader = false }, new SocketTransportOptions());

        // The server counts what frames the chunks of a body too.
        options.Limits.MaxRequestBodySize = 2 * RequestBody.Most;
        options.Limits.MaxConcurrentConnections = Connections;
        options.Limits.MaxConcurrentUpgradedConnections = 0;
        options.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        options.Limits.RequestHeadersTimeout = Headers;
        options.Limits.KeepAliveTimeout = Idle;
        Open(door, options, sockets);
        var server = new KestrelServer(Options.Create(options), new SocketTransportFactory(Options.Create(sockets), NullLoggerFactory.Instance), NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(new Application(reception), CancellationToken.None);
            return new Listener(server, door is Door.Port ? Bound(server) : null);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Who is being answered has a moment to hear the end.</summary>
    public async ValueTask DisposeAsync()
    {
        using var farewell = new CancellationTokenSource(Farewell);
        await server.StopAsync(farewell.Token);
        server.Dispose();
    }

    private static void Open(Door door, KestrelServerOptions options, SocketTransportOptions sockets)
    {
        switch (door)
        {
            case Door.Socket socket:
                _ = ControlSocket.Address(socket.Path);
                options.ListenUnixSocket(socket.Path, listen => listen.Protocols = HttpProtocols.Http1);
                sockets.CreateBoundListenSocket = _ => ControlSocket.Bind(socket.Path);
                break;
            case Door.Port port:
                options.Listen(port.Address, listen =>
                {
                    listen.Protocols = HttpProtocols.Http1;
                    if (port is { CertificateFile: { } certificate, KeyFile: { } key })
                    {
                        new TlsFiles(certificate, key).Guard(listen);
                    }
                });
                break;
        }
    }

    private static IPEndPoint Bound(KestrelServer server) =>
        IPEndPoint.Parse(server.Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("http://", "", StringComparison.Ordinal));

    private sealed class Application(Reception reception) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => reception.ServeAsync(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
