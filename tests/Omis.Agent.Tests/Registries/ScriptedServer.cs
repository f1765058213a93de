using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Omis.Agent.Tests.Registries;

/// <summary>What a server saw of one request.</summary>
internal sealed record Received(string Method, string Target, string? Authorization, ImmutableArray<string> Accept, string UserAgent, string Body)
{
    public override string ToString() => $"{Method} {Target}";
}

/// <summary>A real HTTP server in the process, on a free port of loopback, that answers by a script and keeps a transcript.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _seen = new();
    private readonly bool _tls;
    private int _count;

    private ScriptedServer(WebApplication app, bool tls) => (_app, _tls) = (app, tls);

    /// <summary>As an image reference names it: <c>127.0.0.1:12345</c>.</summary>
    public string Authority => new Uri(_app.Urls.Single()).Authority;

    public int Port => new Uri(_app.Urls.Single()).Port;

    public string Url => $"{(_tls ? "https" : "http")}://{Authority}";

    public ImmutableArray<Received> Transcript => [.. _received];

    public IEnumerable<string> Lines => _received.Select(received => received.ToString());

    public static async Task<ScriptedServer> StartAsync(Func<HttpContext, Task> script, X509Certificate2? certificate = null, Action<HttpsConnectionAdapterOptions>? clients = null, IPAddress? address = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address ?? IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate, https => clients?.Invoke(https));
            }
        }));
        var server = new ScriptedServer(builder.Build(), certificate is not null);
        server._app.Run(async context =>
        {
            await server.KeepAsync(context.Request);
            await script(context);
        });
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Ends with the request of this number, counted from 1.</summary>
    public Task Seen(int number) => _seen.GetOrAdd(number, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task KeepAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var body = new StreamReader(request.Body, leaveOpen: true);
        _received.Enqueue(new Received(
            request.Method,
            request.Path + request.QueryString.ToString(),
            request.Headers.Authorization.Count == 0 ? null : request.Headers.Authorization.ToString(),
            [.. request.Headers.Accept.SelectMany(value => value!.Split(',', StringSplitOptions.TrimEntries))],
            request.Headers.UserAgent.ToString(),
            await body.ReadToEndAsync()));
        request.Body.Position = 0;
        _seen.GetOrAdd(Interlocked.Increment(ref _count), _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}
