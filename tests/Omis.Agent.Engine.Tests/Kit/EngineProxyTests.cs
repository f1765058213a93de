using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Kit;

public sealed class EngineProxyTests
{
    [Theory, EachLeg]
    public async Task Compose_works_through_it_and_every_call_is_seen(string leg)
    {
        await using var proxy = new EngineProxy(Lab.Current.Engine(leg));
        await using var through = new ComposeStack(proxy.Client);
        await through.PushAsync("web", TestImage.Good("web", "1"));
        through.WriteServices("web");
        await through.UpAsync();
        await through.AnswersAsync("web", "web 1");
        Assert.Contains(proxy.Calls, call => call is { Method: "POST", Path: "/images/create", Status: 200 });
        Assert.Contains(proxy.Calls, call => call is { Method: "POST", Path: "/containers/create", Status: 201 });
        Assert.Contains(proxy.Calls, call => call.IsTouch && call.Path.EndsWith("/start", StringComparison.Ordinal) && call.Status == 204);
    }

    [Theory, EachLeg]
    public async Task An_upgraded_connection_carries_both_directions(string leg)
    {
        await using var trial = await Trial.StartAsync(leg, TestImage.Good("web", "1"));
        await using var proxy = new EngineProxy(trial.Engine);
        var exec = await proxy.Client.PostAsync($"/containers/{trial.Id}/exec", JsonNode.Parse(
            """{"AttachStdin":true,"AttachStdout":true,"Cmd":["/bin/sh","-c","read line; echo heard $line"]}"""));
        var id = JsonNode.Parse(exec)!["Id"]!.GetValue<string>();

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(proxy.Socket), TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        var ct = TestContext.Current.CancellationToken;
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /exec/{id}/start HTTP/1.1\r\nHost: engine\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"), ct);
        Assert.StartsWith("HTTP/1.1 101", await reader.ReadLineAsync(ct), StringComparison.Ordinal);
        await stream.WriteAsync("hello\n"u8.ToArray(), ct);
        socket.Shutdown(SocketShutdown.Send);
        Assert.Contains("heard hello", await reader.ReadToEndAsync(ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_is_answered_dropped_or_let_hang_as_told()
    {
        await using var proxy = new EngineProxy(Lab.Current.Engines[0]);
        var engine = proxy.Client;
        var answered = proxy.Before("GET", "/info", Verdict.Answer(500, "no such luck"), times: 1);
        var dropped = proxy.After("GET", "/info", Verdict.Drop, times: 1);
        Assert.Contains("no such luck", (await Assert.ThrowsAsync<InvalidOperationException>(() => engine.GetAsync("/info"))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => engine.GetAsync("/info"));
        Assert.NotNull(await engine.GetAsync("/info"));
        Assert.Equal((1, 1), (answered.Hits, dropped.Hits));
        Assert.Equal([0, 200, 200], proxy.Calls.Select(call => call.Status));

        var hangs = proxy.Before("GET", "/version", Verdict.Hang);
        var asking = engine.GetAsync("/version");
        await hangs.HitAsync();
        Assert.False(asking.IsCompleted);
        proxy.Down();
        await Assert.ThrowsAsync<HttpRequestException>(() => asking);
    }

    [Fact]
    public async Task While_it_is_down_there_is_no_engine()
    {
        await using var proxy = new EngineProxy(Lab.Current.Engines[0]);
        var engine = proxy.Client;
        var events = await EventRecorder.StartAsync(engine, "none");
        proxy.Down();
        await Assert.ThrowsAsync<HttpRequestException>(() => engine.GetAsync("/info"));
        await events.DisposeAsync();
        proxy.Up();
        Assert.NotNull(await engine.GetAsync("/info"));
    }

    [Theory, EachLeg]
    public async Task A_scope_shows_the_containers_of_one_test_only(string leg)
    {
        await using var mine = await Trial.StartAsync(leg, TestImage.Good("web", "1"));
        await using var other = await Trial.StartAsync(leg, TestImage.Good("web", "1"));
        await using var proxy = new EngineProxy(mine.Engine, mine.Prefix);
        var listed = (await proxy.Client.GetAsync("/containers/json?all=1")).AsArray();
        Assert.Equal(mine.Id, Assert.Single(listed)!["Id"]!.GetValue<string>());
    }
}
