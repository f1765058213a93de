using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Omis.Agent.Core.Probing;
using Omis.Agent.Probes;

namespace Omis.Agent.Tests.Probes;

/// <summary>No answer is a bad sample that says why; only the caller's cancellation throws.</summary>
public sealed class HttpProbeFaultTests
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_answer_in_time_is_bad(bool afterHeaders)
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            if (afterHeaders)
            {
                await context.Response.WriteAsync("o", context.RequestAborted);
            }

            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        var sample = await Probe(new(server.Url.ToString()) { Body = "ok", Timeout = TimeSpan.FromMilliseconds(150) });

        Assert.Equal((false, $"GET {server.Url}: no answer within 150ms"), (sample.Ok, sample.Detail));
    }

    [Fact]
    public async Task Cancelling_throws_and_is_no_answer()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await using var server = await TestServer.StartAsync(async context =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new HttpProbe(TimeProvider.System).ProbeAsync(new(server.Url.ToString()), ProbeAddress.None, stop.Token));
    }

    [Fact]
    public async Task Nothing_listening_is_bad()
    {
        var listener = Listen();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Dispose();

        Assert.Equal($"GET http://127.0.0.1:{port}/: Connection refused", (await Probe(new($"http://127.0.0.1:{port}/"))).Detail);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", "the answer is not HTTP")]
    [InlineData("", "closed before it had answered")]
    public async Task Something_else_listening_is_bad(string says, string expected)
    {
        using var listener = Listen();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var serving = ServeAsync(listener, says, enough.Token);

        var sample = await Probe(new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"));

        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        Assert.EndsWith(expected, sample.Detail, StringComparison.Ordinal);
    }

    private Task<Sample> Probe(ProbeSpec.Http spec) => new HttpProbe(TimeProvider.System).ProbeAsync(spec, ProbeAddress.None, ct);

    /// <summary>A caller who is hung up on may call again.</summary>
    private static async Task ServeAsync(TcpListener listener, string says, CancellationToken ct)
    {
        while (true)
        {
            using var accepted = await listener.AcceptSocketAsync(ct);
            await accepted.ReceiveAsync(new byte[4096], ct);
            await accepted.SendAsync(Encoding.ASCII.GetBytes(says), ct);
        }
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }
}
