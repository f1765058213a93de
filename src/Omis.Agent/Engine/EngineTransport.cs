using System.IO.Pipes;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Docker.DotNet.Handler.Abstractions;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Engine;

/// <summary>A pooled HTTP handler over a unix socket, a named pipe or TCP, for the calls that must stay raw JSON.</summary>
internal static class EngineTransport
{
    public static ResolvedTransport Create(Uri endpoint, EngineSettings settings)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1) };
        switch (endpoint.Scheme)
        {
            case "unix":
                handler.ConnectCallback = (_, ct) => ConnectUnixAsync(endpoint.LocalPath, ct);
                return new ResolvedTransport(handler, new Uri("http://engine"));
            case "npipe":
                handler.ConnectCallback = (_, ct) => ConnectPipeAsync(endpoint, ct);
                return new ResolvedTransport(handler, new Uri("http://engine"));
            default:
                var tls = Certificates(settings);
                handler.SslOptions = tls ?? handler.SslOptions;
                return new ResolvedTransport(handler, new UriBuilder(endpoint) { Scheme = tls is null && endpoint.Scheme != "https" ? "http" : "https" }.Uri);
        }
    }

    public static IAuthProvider? Authentication(EngineSettings settings) => Certificates(settings) is { } tls ? new TlsAuthentication(tls) : null;

    private static async ValueTask<Stream> ConnectUnixAsync(string path, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            throw new IOException(Why(refused), refused);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>What .NET calls "Cannot assign requested address" is a file that is not there.</summary>
    private static string Why(SocketException refused) => refused.SocketErrorCode switch
    {
        SocketError.AddressNotAvailable => "there is no such socket; is Docker running?",
        SocketError.AccessDenied => "permission denied; the agent's user must be root or in the socket's group, which is docker as a rule",
        SocketError.ConnectionRefused => "nobody listens on that socket; is Docker running?",
        _ => refused.Message,
    };

    private static async ValueTask<Stream> ConnectPipeAsync(Uri endpoint, CancellationToken ct)
    {
        var server = endpoint.Host is "" or "." ? "." : endpoint.Host;
        var pipe = new NamedPipeClientStream(server, endpoint.Segments[^1], PipeDirection.InOut, PipeOptions.Asynchronous);
        await pipe.ConnectAsync(ct).ConfigureAwait(false);
        return pipe;
    }

    private static SslClientAuthenticationOptions? Certificates(EngineSettings settings)
    {
        if (settings is { CaFile: null, CertificateFile: null })
        {
            return null;
        }

        var options = new SslClientAuthenticationOptions();
        if (settings is { CertificateFile: { } certificate, KeyFile: { } key })
        {
            options.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, key)];
        }

        if (settings.CaFile is { } ca)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(ca);
        }

        return options;
    }

    private sealed class TlsAuthentication(SslClientAuthenticationOptions options) : IAuthProvider
    {
        public bool TlsEnabled => true;

        public HttpMessageHandler ConfigureHandler(HttpMessageHandler handler)
        {
            if (handler is SocketsHttpHandler sockets)
            {
                sockets.SslOptions = options;
            }

            return handler;
        }
    }
}
