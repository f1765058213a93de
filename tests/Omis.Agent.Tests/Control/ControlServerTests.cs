using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Control;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Control;

public sealed class ControlServerTests : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly ListLogger<ControlServer> log = new();
    private readonly ControlServer server;
    private volatile IPEndPoint? wanted;
    private CancellationTokenSource changed = new();

    public ControlServerTests() => server = new ControlServer(
        () => wanted is { } address ? new Door.Port(address) : null, () => Volatile.Read(ref changed).Token, new Reception(new Routes(HealthRoutes.Of(() => null)), new ListLogger<Reception>()), time, log);

    public void Dispose()
    {
        server.Dispose();
        changed.Dispose();
    }

    [Fact]
    public async Task It_listens_only_while_it_is_told_to()
    {
        await server.StartAsync(CancellationToken.None);
        await Task.Delay(20);
        Assert.Null(server.Address);

        Want(new IPEndPoint(IPAddress.Loopback, 0));
        await BecomesAsync(() => server.Address is not null);
        var address = server.Address!;
        Assert.True(await AnswersAsync(address));

        // Other settings changed: callers keep their connections.
        Want(wanted);
        Assert.Equal(address, server.Address);

        Want(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        await BecomesAsync(() => server.Address?.AddressFamily == AddressFamily.InterNetworkV6);
        Assert.True(await AnswersAsync(server.Address!));
        Assert.False(await AnswersAsync(address));

        Want(null);
        await BecomesAsync(() => server.Address is null);
        await server.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_loud_and_tried_again()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        wanted = (IPEndPoint)other.LocalEndpoint;
        await server.StartAsync(CancellationToken.None);
        await BecomesAsync(() => log.Lines.Count > 0);
        Assert.StartsWith($"Error: control.listen: cannot listen on {wanted} (", log.Lines.First(), StringComparison.Ordinal);

        other.Stop();
        await BecomesAsync(() => server.Address is not null, () => time.Advance(TimeSpan.FromSeconds(1)));

        Assert.True(await AnswersAsync(wanted));
        await server.StopAsync(CancellationToken.None);
        Assert.False(await AnswersAsync(wanted));
    }

    private void Want(IPEndPoint? address)
    {
        wanted = address;
        using var before = Interlocked.Exchange(ref changed, new CancellationTokenSource());
        before.Cancel();
    }

    private static async Task<bool> AnswersAsync(IPEndPoint address)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        try
        {
            return await http.GetStringAsync(new Uri($"http://{address}/livez")) == "ok\n";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task BecomesAsync(Func<bool> isTrue, Action? meanwhile = null)
    {
        for (var ends = Environment.TickCount64 + 30_000; !isTrue();)
        {
            Assert.True(Environment.TickCount64 < ends, "it never came true");
            meanwhile?.Invoke();
            await Task.Delay(2);
        }
    }
}
