using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Omis.Agent.Engine.Tests.Service;

/// <summary>
/// An OTLP collector over gRPC, on HTTP/2 without TLS: takes what is exported and answers that all is well. Names and labels
/// stand in the bytes as they are. Source: github.com/grpc/grpc, PROTOCOL-HTTP2.md; opentelemetry.io/docs/specs/otlp.
/// </summary>
internal sealed class GrpcCollector : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Method, string Token, string Body)> got = new();

    private GrpcCollector(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    /// <summary>With the method's full name, the header <c>x-token</c> and the message.</summary>
    public IEnumerable<(string Method, string Token, string Body)> Got => got;

    public static async Task<GrpcCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var collector = new GrpcCollector(builder.Build());
        collector.app.Run(collector.AnswerAsync);
        await collector.app.StartAsync();
        return collector;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var isCall = context.Request is { Method: "POST", ContentType: "application/grpc" } && body.ToArray() is [0, _, _, _, _, ..];
        context.Response.ContentType = "application/grpc";

        // An empty message, not compressed: five bytes of frame and none of content.
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", isCall ? "0" : "3");
        if (isCall)
        {
            got.Enqueue((context.Request.Path.Value!, context.Request.Headers["x-token"].ToString(), Encoding.Latin1.GetString(body.ToArray()[5..])));
        }
    }
}
