using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Omis.Agent.Commands;
using Omis.Agent.Control.Api;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Json;

namespace Omis.Agent.Control.Client;

/// <summary>What came of a pass, and the exit code that says so.</summary>
internal sealed record Told(CycleReport Report, int ExitCode)
{
    public static Told Of(CycleReport report) => new(report, ExitCodes.Of(report));
}

/// <summary>
/// Asks the running service over its socket. Its refusals come back as what they would be if this process had met them
/// itself, so that exit codes and words are the same.
/// </summary>
internal sealed class ServiceClient : IDisposable
{
    /// <summary>For what the state can answer at once.</summary>
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(15);

    private readonly HttpClient http;

    private ServiceClient(Socket first, string path)
    {
        Socket? ready = first;
        http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            ConnectCallback = (_, _) =>
            {
                var socket = Interlocked.Exchange(ref ready, null) ?? ServiceLine.TryConnect(path) ?? throw new IOException("the service has ended");
                return ValueTask.FromResult<Stream>(new NetworkStream(socket, ownsSocket: true));
            },
        })
        {
            BaseAddress = new Uri("http://localhost"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <param name="state">Whose service is meant.</param>
    /// <returns>Null where none runs.</returns>
    /// <exception cref="ForbiddenException">One may, and this user may not call it.</exception>
    /// <exception cref="SilentServiceException">It does not answer.</exception>
    public static async Task<ServiceClient?> TryOpenAsync(string path, string state, CancellationToken ct)
    {
        if (ServiceLine.TryConnect(path) is not { } socket)
        {
            return null;
        }

        var client = new ServiceClient(socket, path);
        client.http.DefaultRequestHeaders.Add(Doorkeeper.StateHeader, Uri.EscapeDataString(state));
        try
        {
            await client.AskAsync("/v1/version", LiveJson.Default.VersionDocument, ct);
            return client;
        }
        catch (MisdirectedException)
        {
            client.Dispose();
            return null;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>What the service answers from its state.</summary>
    /// <exception cref="SilentServiceException">It does not answer.</exception>
    public async Task<T> AskAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken ct)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(Prompt);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await SendAsync(request, late.Token, ct);
        return await ReadAsync(response, type, ct);
    }

    /// <inheritdoc cref="AskAsync"/>
    public async Task<TAnswer> TellAsync<TAsked, TAnswer>(string path, TAsked asked, JsonTypeInfo<TAsked> askedType, JsonTypeInfo<TAnswer> type, CancellationToken ct)
    {
        using var request = Post(path, asked, askedType);
        using var response = await SendAsync(request, ct, ct);
        return await ReadAsync(response, type, ct);
    }

    /// <summary>A look; as long as it takes.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public async Task<Told> LookAsync(HttpMethod method, string path, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await SendAsync(request, ct, ct);
        var report = await ReadAsync(response, AgentJson.Default.CycleReport, ct);
        return new Told(report, int.Parse(response.Headers.GetValues(OrderStream.ExitHeader).Single(), System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>A rollout, with all that happens in it.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public async Task<Told> RollAsync<TAsked>(string path, TAsked asked, JsonTypeInfo<TAsked> type, IProgress<RolloutEvent> watch, CancellationToken ct)
    {
        using var request = Post(path, asked, type);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await SendAsync(request, ct, ct);
        CycleReport? report = null;
        try
        {
            await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(ct)).EnumerateAsync(ct))
            {
                var live = new LiveEvent(item.EventType, item.Data);
                switch (live.Name)
                {
                    case "cycle":
                        report = live.Read(AgentJson.Default.CycleReport);
                        break;
                    case "exit" when report is not null:
                        return new Told(report, live.Read(LiveJson.Default.ExitDocument).Code);
                    case "problem":
                        throw Fault(live.Read(ControlJson.Default.Problem));
                    default:
                        Show(live, watch);
                        break;
                }
            }
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
        }

        throw new SilentServiceException("the service ended before it could say what came of it; 'omis-agent history' will tell");
    }

    public void Dispose() => http.Dispose();

    private static void Show(LiveEvent live, IProgress<RolloutEvent> watch)
    {
        if (live.Happening() is { } happening)
        {
            watch.Report(happening);
        }
    }

    private static HttpRequestMessage Post<T>(string path, T asked, JsonTypeInfo<T> type) => new(HttpMethod.Post, path)
    {
        Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(asked, type)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
    };

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken late, CancellationToken ct)
    {
        try
        {
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late);
            return response.IsSuccessStatusCode ? response : throw await RefusalAsync(response, late);
        }
        catch (HttpRequestException fault)
        {
            throw new SilentServiceException($"the service does not answer ({fault.Message})");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new SilentServiceException($"the service has not answered for {Prompt.TotalSeconds:0} s");
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken ct)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            return await JsonSerializer.DeserializeAsync(body, type, ct) ?? throw new JsonException("nothing");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or JsonException)
        {
            throw new SilentServiceException($"the service's answer cannot be understood ({fault.Message})");
        }
    }

    private static async Task<Exception> RefusalAsync(HttpResponseMessage response, CancellationToken ct)
    {
        using (response)
        {
            return Fault(await ReadAsync(response, ControlJson.Default.Problem, ct));
        }
    }

    private static Exception Fault(Problem problem) => problem.Code switch
    {
        "busy" => new BusyException(problem.Detail),
        "badRequest" => new UsageException(problem.Detail),
        "unknownWorkload" => new UnknownWorkloadException(problem.Detail),
        "misdirected" => new MisdirectedException(problem.Detail),
        "forbidden" => new ForbiddenException(problem.Detail),
        _ => Codes.TryGetValue(problem.Code, out var code) ? new EnvironmentException(code, problem.Detail) : new SilentServiceException(problem.Detail),
    };

    private sealed class MisdirectedException(string message) : Exception(message);

    private static readonly Dictionary<string, ReasonCode> Codes = Enum.GetValues<ReasonCode>().ToDictionary(code => code.Text());
}

/// <summary>The service is there and does not do what it was asked for.</summary>
internal sealed class SilentServiceException(string message) : Exception(message);
