using System.Collections.Concurrent;

namespace Omis.Agent.Registries;

/// <summary>Warm connections: one pool for all that share a trust, kept from one cycle to the next.</summary>
internal sealed class Transports : IDisposable
{
    private readonly ConcurrentDictionary<(string? CaFile, bool Direct), HttpMessageInvoker> _pools = new();

    /// <exception cref="RegistryFaultException">The CA file cannot be used. It is tried again next time.</exception>
    public HttpMessageInvoker For(RegistryAddress address, Uri target) =>
        _pools.GetOrAdd((address.CaFile, RegistryAddress.IsLoopback(target)), key => Pool(key.CaFile, key.Direct));

    public void Dispose()
    {
        foreach (var pool in _pools.Values)
        {
            pool.Dispose();
        }
    }

    private static HttpMessageInvoker Pool(string? caFile, bool direct)
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
        if (caFile is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = ExtraTrust.From(caFile);
        }

        return new HttpMessageInvoker(handler, disposeHandler: true);
    }
}
