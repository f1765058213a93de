using System.Net.Sockets;
using Docker.DotNet.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;
using Omis.Agent.Engine;

namespace Omis.Agent.Tests.Engine;

public sealed class EngineConnectionTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("omis-engine-");

    [Fact]
    public async Task A_socket_that_is_not_there_is_said_to_be_missing() =>
        Assert.EndsWith("list: there is no such socket; is Docker running?", await RefusalAsync("none.sock"), StringComparison.Ordinal);

    [Fact]
    public async Task A_socket_that_nobody_listens_on_is_said_to_be_dead()
    {
        using (var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder.FullName, "dead.sock")));
            Assert.EndsWith("list: nobody listens on that socket; is Docker running?", await RefusalAsync("dead.sock"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_engine_that_dies_before_it_answers_is_said_to_have_gone()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Path.Combine(folder.FullName, "dying.sock")));
        await using var engine = builder.Build();
        engine.Run(async context =>
        {
            if (context.Request.Path.Value is { } path && (path.EndsWith("/version", StringComparison.Ordinal) || path.EndsWith("/info", StringComparison.Ordinal)))
            {
                await context.Response.WriteAsync("""{ "ApiVersion": "1.41" }""");
                return;
            }

            context.Abort();
        });
        await engine.StartAsync(TestContext.Current.CancellationToken);

        var said = await RefusalAsync("dying.sock", (session, ct) => session.Client.Containers.StartContainerAsync("web", new ContainerStartParameters(), ct));

        Assert.EndsWith("list: the connection ended before the engine had answered", said, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private async Task<string> RefusalAsync(string name, Func<EngineSession, CancellationToken, Task<bool>>? call = null)
    {
        using var connection = new EngineConnection(new EngineSettings { Endpoint = new Uri($"unix://{folder.FullName}/{name}") });
        var refused = await Assert.ThrowsAsync<EnvironmentException>(() =>
            connection.CallAsync("list", TimeSpan.FromSeconds(30), call ?? ((_, _) => Task.FromResult(true)), TestContext.Current.CancellationToken));
        return refused.Message;
    }
}
