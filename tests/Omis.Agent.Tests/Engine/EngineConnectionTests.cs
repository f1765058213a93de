using System.Net.Sockets;
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

    public void Dispose() => folder.Delete(recursive: true);

    private async Task<string> RefusalAsync(string name)
    {
        using var connection = new EngineConnection(new EngineSettings { Endpoint = new Uri($"unix://{folder.FullName}/{name}") });
        var refused = await Assert.ThrowsAsync<EnvironmentException>(() =>
            connection.CallAsync("list", TimeSpan.FromSeconds(30), (_, _) => Task.FromResult(0), TestContext.Current.CancellationToken));
        return refused.Message;
    }
}
