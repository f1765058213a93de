using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Omis.Agent.Hosting;
using Omis.Agent.Tests.Commands;

namespace Omis.Agent.Tests.Control.Api;

/// <summary>The service as <c>run</c> starts it, over an engine in memory, and its socket and port as callers see them.</summary>
internal sealed class RunningService : IDisposable
{
    public const string Token = "t0ken-of-the-control-api";

    private readonly HttpClient socket;
    private readonly HttpClient port = new(new SocketsHttpHandler { UseProxy = false });
    private Task<Cli.Said> run = Task.FromException<Cli.Said>(new InvalidOperationException("not started"));

    public RunningService()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        port.BaseAddress = new Uri($"http://{free.LocalEndpoint}");
        Cli.Config(""", "check": { "every": "6h" }""", $$""", "listen": "{{free.LocalEndpoint}}", "token": "{{Token}}" """);
        socket = Over(Cli.Socket);
    }

    public Cli Cli { get; } = new();

    /// <summary>A client of a unix socket.</summary>
    public static HttpClient Over(string path) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, ct) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
            return new NetworkStream(connection, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://localhost") };

    /// <summary>Up, with the first look behind it.</summary>
    public async Task StartAsync()
    {
        run = Cli.RunAsync("run");
        await TurnAsync(() => File.Exists(Cli.Socket) && IsReady());
    }

    public Task<Answer> GetAsync(string path) => SendAsync(socket, HttpMethod.Get, path, null, null);

    public Task<Answer> PostAsync(string path, string body = "") => SendAsync(socket, HttpMethod.Post, path, body, null);

    public Task<Answer> AtPortAsync(HttpMethod method, string path, string? token = Token) => SendAsync(port, method, path, null, token);

    /// <summary>The answer as it comes; the caller reads it.</summary>
    public async Task<HttpResponseMessage> StreamAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        return await socket.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <returns>What the service said on standard error.</returns>
    public async Task<string> EndAsync()
    {
        Cli.Stopping.Stop();
        var said = await run.WaitAsync(TimeSpan.FromSeconds(30));
        Cli.Stopping = new Stopping();
        return said.Error;
    }

    /// <summary>Turns the clock on, a second at a time, until it has come true; between two turns others get theirs.</summary>
    public async Task TurnAsync(Func<bool> isTrue)
    {
        for (var ends = Environment.TickCount64 + 60_000; !isTrue();)
        {
            Assert.False(run.IsFaulted, $"the service failed: {run.Exception}");
            Assert.True(Environment.TickCount64 < ends, "it never came true");
            Cli.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(2);
        }
    }

    public void Dispose()
    {
        Cli.Stopping.Stop();
        run.ContinueWith(_ => { }, TaskScheduler.Default).Wait(TimeSpan.FromSeconds(30));
        socket.Dispose();
        port.Dispose();
        Cli.Dispose();
    }

    private bool IsReady()
    {
        try
        {
            return GetAsync("/readyz").GetAwaiter().GetResult().Status == 200;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<Answer> SendAsync(HttpClient http, HttpMethod method, string path, string? body, string? token)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Content.Headers.ContentType?.MediaType, response.Headers);
    }

    internal sealed record Answer(int Status, string Text, string? Type, HttpResponseHeaders Headers)
    {
        public System.Text.Json.JsonElement Json => System.Text.Json.JsonDocument.Parse(Text).RootElement;

        public string? Code => Json.GetProperty("code").GetString();
    }
}
