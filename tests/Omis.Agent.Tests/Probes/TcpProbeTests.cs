using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Core.Naming;
using Omis.Agent.Probes;

namespace Omis.Agent.Tests.Probes;

public sealed class TcpProbeTests
{
    private readonly TcpProbe probe = new(TimeProvider.System);
    /// <summary>Waits for what happens to the connection however slow the machine is.</summary>
    private readonly TcpProbe patient = new(new FakeTimeProvider());

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    public async Task What_listens_is_well(string host)
    {
        var address = IPAddress.Parse(host.Trim('[', ']'));
        Assert.SkipUnless(address.AddressFamily == AddressFamily.InterNetwork || Socket.OSSupportsIPv6, "no IPv6 here");
        using var listener = Listen(address);

        Assert.True((await probe.ProbeAsync(new($"{host}:{Port(listener)}"), ProbeAddress.None, ct)).Ok);
    }

    [Fact]
    public async Task Nothing_listening_is_bad()
    {
        var listener = Listen(IPAddress.Loopback);
        var port = Port(listener);
        listener.Dispose();

        var sample = await probe.ProbeAsync(new($"127.0.0.1:{port}"), ProbeAddress.None, ct);

        Assert.Equal((false, ReasonCode.ProbeFailed), (sample.Ok, sample.Code));
        Assert.Equal($"TCP 127.0.0.1:{port}: Connection refused", sample.Detail);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Accepting_only_to_close_is_bad_as_Dockers_proxy_does_it_for_a_container_that_does_not_listen(bool reset)
    {
        using var listener = Listen(IPAddress.Loopback);
        var closing = Task.Run(async () =>
        {
            using var accepted = await listener.AcceptSocketAsync(ct);
            accepted.LingerState = new LingerOption(reset, 0);
        }, ct);

        var sample = await patient.ProbeAsync(new($"127.0.0.1:{Port(listener)}"), ProbeAddress.None, ct);

        await closing;
        Assert.False(sample.Ok);
        Assert.EndsWith("closed as soon as it was accepted", sample.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Greeting_and_closing_is_well()
    {
        using var listener = Listen(IPAddress.Loopback);
        var greeting = Task.Run(async () =>
        {
            using var accepted = await listener.AcceptSocketAsync(ct);
            await accepted.SendAsync("220 hello\r\n"u8.ToArray(), ct);
        }, ct);

        Assert.True((await patient.ProbeAsync(new($"127.0.0.1:{Port(listener)}"), ProbeAddress.None, ct)).Ok);
        await greeting;
    }

    [Theory]
    [InlineData("no-port", "expected HOST:PORT")]
    [InlineData(":80", "expected HOST:PORT")]
    [InlineData("127.0.0.1:99999", "expected HOST:PORT")]
    [InlineData("{ip}:80", "{ip} is unknown: the container has no address of its own")]
    public async Task An_address_that_is_none_is_bad(string address, string expected)
    {
        var sample = await probe.ProbeAsync(new(address), ProbeAddress.None, ct);

        Assert.Equal((false, $"TCP {address}: {expected}"), (sample.Ok, sample.Detail));
    }

    [Fact]
    public async Task No_answer_in_time_is_bad()
    {
        // A listener whose queue is full leaves the next caller waiting.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        using var first = new TcpClient();
        await first.ConnectAsync(IPAddress.Loopback, port, ct);

        var sample = await probe.ProbeAsync(new($"127.0.0.1:{port}") { Timeout = TimeSpan.FromMilliseconds(50) }, ProbeAddress.None, ct);

        Assert.Equal((false, $"TCP 127.0.0.1:{port}: no answer within 50ms"), (sample.Ok, sample.Detail));
    }

    [Fact]
    public async Task Cancelling_throws()
    {
        using var listener = Listen(IPAddress.Loopback);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            probe.ProbeAsync(new($"127.0.0.1:{Port(listener)}"), ProbeAddress.None, new CancellationToken(canceled: true)));
    }

    private static TcpListener Listen(IPAddress address)
    {
        var listener = new TcpListener(address, 0);
        listener.Start();
        return listener;
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
