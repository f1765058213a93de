using System.Collections.Concurrent;
using Omis.Agent.Hosting;

namespace Omis.Agent.Registries;

/// <summary>Warm connections: one pool for all that share a trust, kept from one cycle to the next.</summary>
internal sealed class Transports : IDisposable
{
    private readonly ConcurrentDictionary<(TlsFiles Tls, bool Direct), Pool> _pools = new();

    /// <exception cref="Core.Naming.EnvironmentException">A CA or certificate file cannot be used. It is tried again next time.</exception>
    public HttpMessageInvoker For(RegistryAddress address, Uri target) =>
        _pools.GetOrAdd((address.TlsFor(target), RegistryAddress.IsLoopback(target)), key => new Pool(key.Tls, key.Direct)).Current();

    public void Dispose()
    {
        foreach (var pool in _pools.Values)
        {
            pool.Dispose();
        }
    }

    /// <summary>Made anew when one of its files has changed, so that a renewed certificate counts without a restart.</summary>
    private sealed class Pool(TlsFiles tls, bool direct) : IDisposable
    {
        private readonly Lock _gate = new();
        private (DateTime, DateTime, DateTime) _stamp;
        private HttpMessageInvoker? _current;
        private HttpMessageInvoker? _former;

        public HttpMessageInvoker Current()
        {
            lock (_gate)
            {
                var stamp = tls.Stamp();
                if (_current is null || stamp != _stamp)
                {
                    // Questions may still be under way over the one before, but not over the one before that.
                    var made = Make(tls, direct);
                    _former?.Dispose();
                    (_former, _current, _stamp) = (_current, made, stamp);
                }

                return _current;
            }
        }

        public void Dispose()
        {
            _current?.Dispose();
            _former?.Dispose();
        }
    }

    private static HttpMessageInvoker Make(TlsFiles tls, bool direct)
    {
        var handler = new SocketsHttpHandler
        {
            // Followed by hand: the framework's own following knows nothing of which host a credential is for.
            AllowAutoRedirect = false,
            UseCookies = false,

            // A proxy is for the world outside; loopback behind it would be the proxy's own.
            UseProxy = !direct,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(5),

            // Longer than the usual five minutes between cycles; renewed now and then, so that a moved DNS name is noticed.
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(6),
            PooledConnectionLifetime = TimeSpan.FromMinutes(30),
        };
        if (tls.CaFile is { } ca)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = ExtraTrust.From(ca);
        }

        if (tls is { CertificateFile: { } certificate, KeyFile: { } key })
        {
            handler.SslOptions.ClientCertificateContext = ClientCertificate.Read(certificate, key);
        }

        return new HttpMessageInvoker(handler, disposeHandler: true);
    }
}
