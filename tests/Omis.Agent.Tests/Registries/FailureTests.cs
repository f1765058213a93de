using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using static Omis.Agent.Tests.Registries.Asking;

namespace Omis.Agent.Tests.Registries;

public sealed class FailureTests
{
    [Theory]
    [InlineData(401, ReasonCode.RegistryUnauthorized, "refuses repository:team/app:pull to anonymous; give registries")]
    [InlineData(403, ReasonCode.RegistryUnauthorized, "refuses repository:team/app:pull to anonymous; give registries")]
    [InlineData(404, ReasonCode.ImageNotFound, "has no")]
    [InlineData(400, ReasonCode.RegistryUnavailable, "answered 400")]
    [InlineData(410, ReasonCode.RegistryUnavailable, "answered 410")]
    [InlineData(204, ReasonCode.RegistryUnavailable, "answered 204")]
    public async Task A_refusal_is_an_answer_and_is_not_asked_for_twice(int status, ReasonCode code, string detail)
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Status(status));
        using var registry = Registry();

        var failed = await FailedAsync(registry, App(server), code);

        Assert.StartsWith(server.Authority, failed.Detail, StringComparison.Ordinal);
        Assert.Contains(detail, failed.Detail, StringComparison.Ordinal);
        Assert.Single(server.Transcript);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task A_server_in_trouble_is_given_two_more_chances(int status)
    {
        await using var recovering = await ScriptedServer.StartAsync(Scripts.InOrder(Scripts.Status(status), Scripts.Status(status), Scripts.Found));
        await using var broken = await ScriptedServer.StartAsync(Scripts.Status(status));
        using var registry = Registry();

        await FoundAsync(registry, App(recovering));
        var failed = await FailedAsync(registry, App(broken), ReasonCode.RegistryUnavailable);

        Assert.Contains($"answered {status}", failed.Detail, StringComparison.Ordinal);
        Assert.Equal(3, broken.Transcript.Length);
    }

    [Fact]
    public async Task A_connection_that_is_refused_names_the_registry()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var registry = Registry();

        var failed = await FailedAsync(registry, ImageReference.Parse($"127.0.0.1:{port}/app"), ReasonCode.RegistryUnavailable);
        Assert.StartsWith($"127.0.0.1:{port} cannot be reached: ", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_an_answer()
    {
        using var registry = Registry();

        var failed = await FailedAsync(registry, ImageReference.Parse("registry.invalid/app"), ReasonCode.RegistryUnavailable);
        Assert.StartsWith("registry.invalid cannot be reached", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_cannot_be_is_an_answer()
    {
        using var registry = Registry();

        await FailedAsync(registry, ImageReference.Parse("registry.example:99999/app"), ReasonCode.RegistryUnavailable);
    }

    [Fact]
    public async Task What_is_no_http_is_an_answer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var talking = TalkAsync(listener, over.Token);
        using var registry = Registry();

        await FailedAsync(registry, ImageReference.Parse($"{listener.LocalEndpoint}/app"), ReasonCode.RegistryUnavailable);
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => talking);
    }

    [Fact]
    public async Task A_registry_that_stalls_is_given_up_after_fifteen_seconds()
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Stall);
        var clock = new FakeTimeProvider();
        using var registry = Registry(clock);

        var asking = FailedAsync(registry, App(server), ReasonCode.RegistryUnavailable);
        await SeenAsync(server, 1);
        clock.Advance(TimeSpan.FromSeconds(14.9));
        Assert.False(asking.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal($"{server.Authority} did not answer within 15 s", (await asking).Detail);
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_thrown()
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Stall);
        using var registry = Registry();
        using var caller = new CancellationTokenSource();

        var asking = registry.LatestAsync(App(server), caller.Token);
        await SeenAsync(server, 1);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => registry.LatestAsync(App(server), caller.Token));
    }

    [Fact]
    public async Task A_later_success_follows_a_failure()
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.InOrder(Scripts.Status(404), Scripts.Found));
        using var registry = Registry();

        await FailedAsync(registry, App(server), ReasonCode.ImageNotFound);
        Assert.IsType<RegistryAnswer.Found>(await registry.LatestAsync(App(server), Ct));
    }

    private static async Task TalkAsync(TcpListener listener, CancellationToken ct)
    {
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync(ct);
            try
            {
                await client.GetStream().WriteAsync("SSH-2.0-OpenSSH_9.2\r\n\r\n"u8.ToArray(), ct);
            }
            catch (IOException)
            {
                // It has hung up already, and may call again.
            }
        }
    }
}
