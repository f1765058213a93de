using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Omis.Agent.Tests.Examining;

/// <summary>As much of an engine, on a unix socket, as tells its version and where its data is.</summary>
internal sealed class EngineServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private EngineServer(WebApplication app) => this.app = app;

    /// <param name="api">Its newest API version; empty to answer with something that is no engine's.</param>
    /// <param name="root">Where it keeps its data.</param>
    /// <param name="containers">From a path below the API's version to its answer.</param>
    public static async Task<EngineServer> StartAsync(string socket, string api = "1.45", string root = "/", Func<string, string?>? containers = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket));
        var server = new EngineServer(builder.Build());
        server.app.Run(context => AnswerAsync(context, api, root, containers));
        await server.app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    private static Task AnswerAsync(HttpContext context, string api, string root, Func<string, string?>? containers)
    {
        var path = context.Request.Path.Value!;
        context.Response.ContentType = "application/json";
        var answer = api.Length == 0 ? "<html>" : path == "/version" ? $$"""{ "ApiVersion": "{{api}}", "MinAPIVersion": "1.12" }"""
            : path.EndsWith("/info", StringComparison.Ordinal) ? $$"""{ "DockerRootDir": "{{root}}" }"""
            : containers?.Invoke(path[path.IndexOf('/', 1)..]);
        context.Response.StatusCode = answer is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        return context.Response.WriteAsync(answer ?? """{ "message": "no such thing" }""");
    }
}
