using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Control;
using Omis.Agent.Control.Webhooks;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Settings;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Control;

/// <summary>The port with all of its routes, on an address of its own and a clock that is turned by hand.</summary>
internal sealed class Switchboard : IAsyncDisposable
{
    public const string Token = "t0ken-of-the-control-api";
    public const string Secret = "s3cret-of-the-webhooks";

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Listener listener;

    private Switchboard(Listener listener, FakeTimeProvider time, Bell bell, ListLogger<Doorkeeper> log)
    {
        (this.listener, Time, Bell, Log) = (listener, time, bell, log);
        http.BaseAddress = new Uri($"http://{listener.Address}");
    }

    public FakeTimeProvider Time { get; }

    public Bell Bell { get; }

    public ListLogger<Doorkeeper> Log { get; }

    public IPEndPoint Address => listener.Address!;

    /// <summary>What the bell was rung for, in order, with blanks between.</summary>
    public string Rung => string.Join(' ', Bell.Take()!.Select(hint => hint.ToString()).Order(StringComparer.Ordinal));

    public static async Task<Switchboard> OpenAsync(string? secret = Secret, Func<string?>? problem = null)
    {
        var (time, log) = (new FakeTimeProvider(), new ListLogger<Doorkeeper>());
        var bell = new Bell(time);
        var door = new Doorkeeper(() => new AgentSettings { Control = new() { Token = Token, WebhookSecret = secret } }, time, log);
        var routes = new Routes([.. HealthRoutes.Of(problem ?? (() => null)), .. WebhookRoutes.Of(door, bell, new ListLogger<WebhookEndpoint>())]);
        var listener = await Listener.OpenAsync(new Door.Port(new IPEndPoint(IPAddress.Loopback, 0)), new Reception(routes, new ListLogger<Reception>()));
        return new Switchboard(listener, time, bell, log);
    }

    public static string Sign(string body, string secret) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));

    /// <summary>A delivery that bears the secret.</summary>
    public Task<Said> PostAsync(string path, string body, string? bearer = Secret) =>
        SendAsync(HttpMethod.Post, path, new StringContent(body), bearer is null ? [] : [("Authorization", "Bearer " + bearer)]);

    public async Task<Said> SendAsync(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Said((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Headers, response.Content.Headers);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await listener.DisposeAsync();
    }

    internal sealed record Said(int Status, string Text, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders);
}
