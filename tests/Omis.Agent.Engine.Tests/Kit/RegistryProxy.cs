using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>Stands before the lab's registry on a port of its own, and fails as it is told. Engines pull through it, as it is on loopback.</summary>
public sealed class RegistryProxy : IAsyncDisposable
{
    private readonly ProxyRules<RegistryFault> rules = new();
    private readonly Lock sync = new();
    private readonly List<(string Method, string Path)> requests = [];
    private readonly CancellationTokenSource stop = new();
    private readonly RegistryRelay relay = new(Lab.Current.Registry.Address);
    private readonly int port = FreePort.Next();
    private WebApplication? server;

    private RegistryProxy()
    {
    }

    /// <summary>host:port, to be used in image references instead of the registry's own.</summary>
    public string Address => $"127.0.0.1:{port}";

    public static async Task<RegistryProxy> StartAsync()
    {
        var proxy = new RegistryProxy();
        await proxy.UpAsync();
        return proxy;
    }

    /// <param name="method">"*" for any.</param>
    /// <param name="path">Like "/v2/*/manifests/*"; * stands for any text.</param>
    public ProxyRule On(string method, string path, RegistryFault fault, int times = int.MaxValue, int skip = 0) =>
        rules.Add(new ProxyRule(method, path) { Times = times, Skip = skip }, fault);

    /// <summary>How many requests came, failed ones too.</summary>
    public int Count(string method, string path)
    {
        var rule = new ProxyRule(method, path);
        lock (sync)
        {
            return requests.Count(request => rule.Takes(request.Method, request.Path));
        }
    }

    /// <summary>Connections are refused from now on, and those that are open break.</summary>
    public async Task DownAsync()
    {
        if (Interlocked.Exchange(ref server, null) is { } running)
        {
            using var now = new CancellationTokenSource(0);
            await running.StopAsync(now.Token);
            await running.DisposeAsync();
        }
    }

    public async Task UpAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.ListenLocalhost(port, listen => listen.Protocols = HttpProtocols.Http1));
        server = builder.Build();
        server.Run(HandleAsync);
        await server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await DownAsync();
        relay.Dispose();
        stop.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value!);
        lock (sync)
        {
            requests.Add((method, path));
        }

        rules.TryTake(method, path, out var fault);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stop.Token);
        try
        {
            await FailAsync(context, fault, gone.Token);
        }
        catch (Exception end) when (end is OperationCanceledException or HttpRequestException or IOException)
        {
            context.Abort();
        }
    }

    private async Task FailAsync(HttpContext context, RegistryFault? fault, CancellationToken ct)
    {
        switch (fault)
        {
            case RegistryFault.Answer answer:
                await AnswerAsync(context.Response, answer, ct);
                break;
            case RegistryFault.StallAfter { Bytes: < 0 }:
                await Task.Delay(Timeout.Infinite, ct);
                break;
            case RegistryFault.StallAfter stall:
                await relay.PassAsync(context, stall.Bytes, ct);
                await Task.Delay(Timeout.Infinite, ct);
                break;
            case RegistryFault.TruncateAfter truncate:
                await relay.PassAsync(context, truncate.Bytes, ct);
                context.Abort();
                break;
            case RegistryFault.Beforehand beforehand:
                await beforehand.Action();
                goto default;
            default:
                await relay.PassAsync(context, long.MaxValue, ct);
                break;
        }
    }

    private static async Task AnswerAsync(HttpResponse response, RegistryFault.Answer answer, CancellationToken ct)
    {
        response.StatusCode = answer.Status;
        response.ContentType = "application/json";
        if (answer.Header is var (name, value))
        {
            response.Headers[name] = value;
        }

        await response.WriteAsync($$"""{"errors":[{"code":"{{answer.Code}}","message":"injected by the test"}]}""", ct);
    }
}
