using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>Tells an agent of pushes, as Azure Container Registry does.</summary>
public sealed class Registrar : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly int port = FreePort.Next();

    public int Port => port;

    public string Token { get; } = "token-" + Guid.NewGuid().ToString("N");

    /// <summary>For an agent that hears it, and else looks seldom.</summary>
    public string Config => $$"""{ "check": { "every": "12h" }, "control": { "listen": "127.0.0.1:{{port}}", "token": "{{Token}}" } }""";

    public Task<int> PushedAsync(ComposeStack stack, string service, string? token = null) => PushedAsync(stack.Registry, stack.Repository(service), token);

    /// <returns>The agent's answer.</returns>
    public Task<int> PushedAsync(string registry, string repository, string? token = null) => SendAsync("push", registry, repository, token);

    public Task<int> PingAsync() => SendAsync("ping", "", "", null);

    /// <summary>Waits until the agent has looked for the first time.</summary>
    public Task ReadyAsync() => Eventually.BeAsync("the agent is ready", async () =>
    {
        using var response = await http.GetAsync(Url("/readyz"));
        return response.IsSuccessStatusCode;
    });

    /// <summary>Reads the metrics, as Prometheus would.</summary>
    public async Task<string> ScrapeAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url("/metrics"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var response = await http.SendAsync(request);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    public void Dispose() => http.Dispose();

    private async Task<int> SendAsync(string action, string registry, string repository, string? token)
    {
        var body = new JsonObject
        {
            ["id"] = Guid.NewGuid().ToString(),
            ["timestamp"] = "2026-01-02T03:04:05.678Z",
            ["action"] = action,
            ["target"] = new JsonObject { ["mediaType"] = "application/vnd.docker.distribution.manifest.v2+json", ["repository"] = repository, ["tag"] = "latest" },
            ["request"] = new JsonObject { ["id"] = Guid.NewGuid().ToString(), ["host"] = registry, ["method"] = "PUT" },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, Url("/webhooks/acr")) { Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json")) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Token);
        using var response = await http.SendAsync(request);
        return (int)response.StatusCode;
    }

    private Uri Url(string path) => new($"http://127.0.0.1:{port}{path}");
}
