using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>One engine of the lab, asked in raw HTTP so that no client library stands between a test and the truth.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The lab's engines are shared by all tests until the process ends.")]
public sealed partial class LabEngine
{
    private static readonly Version Newest = new(1, 51);

    private readonly HttpClient http;
    private readonly string version;

    public LabEngine(EngineFacts facts)
    {
        Facts = facts;
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectCallback = ConnectAsync, ResponseDrainTimeout = TimeSpan.Zero })
        {
            BaseAddress = new Uri("http://engine"),
            Timeout = TimeSpan.FromMinutes(1),
        };
        version = Version.Parse(facts.ApiVersion) > Newest ? Newest.ToString() : facts.ApiVersion;
    }

    public EngineFacts Facts { get; }

    public string Leg => Facts.Leg;

    public Uri Endpoint => new("unix://" + Facts.Socket);

    public bool HasContainerdStore => Facts.ImageStore == "containerd";

    public override string ToString() => $"{Leg} engine {Facts.Version}";

    /// <summary>The answer's JSON, or null where there is no such thing (404).</summary>
    /// <exception cref="InvalidOperationException">The engine answered with any other error; the message has its text.</exception>
    public async Task<JsonNode?> TryGetAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        return response.StatusCode == HttpStatusCode.NotFound ? null : JsonNode.Parse(await TextAsync(response));
    }

    public async Task<JsonNode> GetAsync(string path) =>
        await TryGetAsync(path) ?? throw new InvalidOperationException($"{this}: GET {path}: not found");

    /// <summary>Posts and returns the answer's text, which for pulls is a stream of JSON documents.</summary>
    public async Task<string> PostAsync(string path, JsonNode? body = null)
    {
        using var response = await SendAsync(HttpMethod.Post, path, body);
        return await TextAsync(response);
    }

    /// <summary>Deletes; what is gone already counts as deleted.</summary>
    /// <returns>Whether it is gone now: false where the engine says that it is in use.</returns>
    public async Task<bool> DeleteAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Delete, path);
        if (response.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Conflict))
        {
            await TextAsync(response);
        }

        return response.StatusCode != HttpStatusCode.Conflict;
    }

    internal static string Filters(string kind, params string[] values) =>
        "filters=" + Uri.EscapeDataString(JsonSerializer.Serialize(new Dictionary<string, string[]> { [kind] = values }));

    internal Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonNode? body = null, bool streams = false)
    {
        var request = new HttpRequestMessage(method, $"/v{version}{path}") { Content = body is null ? null : JsonContent.Create(body) };
        return http.SendAsync(request, streams ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead);
    }

    private async Task<string> TextAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        var request = response.RequestMessage!;
        return response.StatusCode < HttpStatusCode.BadRequest ? text
            : throw new InvalidOperationException($"{this}: {request.Method} {request.RequestUri!.PathAndQuery}: {(int)response.StatusCode} {text.Trim()}");
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Facts.Socket), ct);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
