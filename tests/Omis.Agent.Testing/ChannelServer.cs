using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Omis.Agent.Testing;

/// <summary>What a channel got.</summary>
/// <param name="At">When it began to come.</param>
public sealed record Posted(string Method, string Target, ImmutableDictionary<string, string> Headers, string Body, DateTimeOffset At)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}

/// <summary>What a channel answers.</summary>
/// <param name="Status">0 where the answer is lost on the way: it was done, and the sender does not know.</param>
public sealed record Reply(int Status = 200, string Body = "", string? RetryAfter = null, params ImmutableArray<(string Name, string Value)> Headers);

/// <summary>A channel's server in this process, which answers by a script and keeps what it got.</summary>
public sealed class ChannelServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Posted> posted = new();

    private ChannelServer(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    public ImmutableArray<Posted> Posts => [.. posted];

    /// <param name="script">From what came and how many came before it to the answer.</param>
    public static async Task<ChannelServer> StartAsync(Func<Posted, int, Reply>? script = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new ChannelServer(builder.Build());
        server.app.Run(context => server.AnswerAsync(context, script ?? ((_, _) => new Reply())));
        await server.app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context, Func<Posted, int, Reply> script)
    {
        var at = TimeProvider.System.GetUtcNow();
        using var reader = new StreamReader(context.Request.Body);
        var headers = context.Request.Headers.ToImmutableDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var one = new Posted(context.Request.Method, context.Request.Path + context.Request.QueryString.ToString(), headers, await reader.ReadToEndAsync(), at);
        var reply = script(one, posted.Count);
        posted.Enqueue(one);
        if (reply.Status == 0)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
        {
            context.Response.Headers[name] = value;
        }

        context.Response.Headers.RetryAfter = reply.RetryAfter;
        await context.Response.WriteAsync(reply.Body);
    }
}
