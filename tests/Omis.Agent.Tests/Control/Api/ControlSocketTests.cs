using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Control;
using Omis.Agent.Control.Sockets;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Control.Api;

/// <summary>The socket's file: whose it is, who may open it, and what was there before.</summary>
[SupportedOSPlatform("linux")]
public sealed class ControlSocketTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("omis-socket-").FullName;
    private readonly ListLogger<ControlServer> log = new();

    private string Path => System.IO.Path.Combine(folder, "run", "control.sock");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task It_is_for_its_group_alone_and_goes_with_the_service()
    {
        using var server = await StartAsync();
        Assert.Equal((UnixFileMode)0b110_110_000, File.GetUnixFileMode(Path));
        Assert.Equal((UnixFileMode)0b111_101_000, File.GetUnixFileMode(System.IO.Path.GetDirectoryName(Path)!));
        Assert.Equal("ok\n", await AskAsync());

        await server.StopAsync(CancellationToken.None);

        Assert.False(File.Exists(Path));
    }

    [Fact]
    public async Task What_a_dead_process_left_is_replaced()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // Not its own name any more: closing it leaves the file, as a kill does.
            dead.Bind(new UnixDomainSocketEndPoint(Path + ".born"));
            File.Move(Path + ".born", Path);
        }

        Assert.True(UnixFile.Find(Path)?.IsSocket);
        using var server = await StartAsync();

        Assert.Equal("ok\n", await AskAsync());
        await server.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_a_living_process_answers_is_left_to_it_and_told_once()
    {
        using var first = await StartAsync();
        using var second = Server();
        await second.StartAsync(CancellationToken.None);
        await UntilAsync(() => log.Lines.Any(line => line.StartsWith("Error", StringComparison.Ordinal)));

        Assert.Contains($"control.socket: cannot listen on {Path} (another process listens on '{Path}')", log.Lines.Last(), StringComparison.Ordinal);
        Assert.False(second.IsOpen);
        Assert.Equal("ok\n", await AskAsync());
        await second.StopAsync(CancellationToken.None);
        Assert.True(File.Exists(Path));
        await first.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_is_no_socket_is_left_alone()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        await File.WriteAllTextAsync(Path, "precious");
        using var server = Server();
        await server.StartAsync(CancellationToken.None);
        await UntilAsync(() => log.Lines.Count > 0);

        Assert.Contains("is there and is no socket", log.Lines.First(), StringComparison.Ordinal);
        await server.StopAsync(CancellationToken.None);
        Assert.Equal("precious", await File.ReadAllTextAsync(Path));
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_told_and_no_fault()
    {
        using var server = Server(new string('x', 200));
        await server.StartAsync(CancellationToken.None);
        await UntilAsync(() => log.Lines.Count > 0);
        Assert.Contains("is longer than the 107 bytes", log.Lines.First(), StringComparison.Ordinal);
        await server.StopAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData(0u, 7u, "", true)]
    [InlineData(990u, 7u, "", true)]
    [InlineData(1000u, 44u, "", true)]
    [InlineData(1000u, 7u, "3 44", true)]
    [InlineData(1000u, 7u, "3 4", false)]
    [InlineData(1000u, 7u, "", false)]
    public void Root_its_own_user_and_the_groups_members_may_open_it(uint user, uint group, string groups, bool may)
    {
        var peer = new Peer(user, group, [.. groups.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(uint.Parse)]);
        Assert.Equal(may, peer.MayOpen(new UnixFile(990, 44, IsSocket: true), self: 990));
    }

    [Fact]
    public async Task The_kernel_tells_who_calls()
    {
        using var server = await StartAsync();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path));

        // Both ends are this process.
        var peer = Peer.Of(socket);

        Assert.Equal(UnixFile.Self, peer.User);
        Assert.Equal(Environment.UserName, Accounts.User(peer.User));
        await server.StopAsync(CancellationToken.None);
    }

    private ControlServer Server(string? name = null) => new(
        () => new Door.Socket(name is null ? Path : System.IO.Path.Combine(folder, name)), () => CancellationToken.None,
        new Reception(new Routes(HealthRoutes.Of(() => null)), new ListLogger<Reception>()), new FakeTimeProvider(), log);

    private async Task<ControlServer> StartAsync()
    {
        var server = Server();
        await server.StartAsync(CancellationToken.None);
        await UntilAsync(() => server.IsOpen);
        return server;
    }

    private async Task<string> AskAsync()
    {
        using var http = RunningService.Over(Path);
        return await http.GetStringAsync(new Uri("/livez", UriKind.Relative));
    }

    private static async Task UntilAsync(Func<bool> isTrue)
    {
        for (var ends = Environment.TickCount64 + 30_000; !isTrue();)
        {
            Assert.True(Environment.TickCount64 < ends, "it never came true");
            await Task.Delay(2);
        }
    }
}
