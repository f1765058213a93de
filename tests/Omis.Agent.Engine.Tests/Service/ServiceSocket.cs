using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Service;

/// <summary>A running agent's control socket.</summary>
internal sealed class ServiceSocket(string path) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler
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

    /// <summary>Waits until the agent has looked for the first time.</summary>
    public Task ReadyAsync() => Eventually.BeAsync("the service is ready", async () =>
    {
        try
        {
            using var response = await http.GetAsync(new Uri("/readyz", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    });

    public Task<string> TextAsync(string path) => http.GetStringAsync(new Uri(path, UriKind.Relative));

    public async Task<JsonNode> JsonAsync(string path) => JsonNode.Parse(await TextAsync(path))!;

    public async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(string path, string body)
    {
        using var content = new StringContent(body);
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    /// <summary>Begins to watch; what is awaited in the end is every event up to the end of the first rollout.</summary>
    public async Task<Task<List<SseItem<string>>>> WatchAsync()
    {
        var stream = await http.GetStreamAsync(new Uri("/v1/events", UriKind.Relative));
        return ReadAsync(stream);
    }

    public void Dispose() => http.Dispose();

    private static async Task<List<SseItem<string>>> ReadAsync(Stream stream)
    {
        await using var _ = stream;
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var seen = new List<SseItem<string>>();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(late.Token))
        {
            seen.Add(item);
            if (item.EventType == "ended")
            {
                break;
            }
        }

        return seen;
    }
}
