using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Docker.DotNet;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Engine;

/// <summary>Reaches the engine. The API version is negotiated when a connection is made and again after one is lost.</summary>
public sealed class EngineConnection(EngineSettings settings) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private EngineSession? session;

    /// <summary>Runs one call with its own time limit; whatever keeps the engine from answering becomes an <see cref="EnvironmentException"/>.</summary>
    /// <exception cref="EngineAnswerException">The engine answered with an error.</exception>
    internal async Task<T> CallAsync<T>(string what, TimeSpan limit, Func<EngineSession, CancellationToken, Task<T>> call, CancellationToken ct)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timer.CancelAfter(limit);
        try
        {
            return await call(await OpenAsync(timer.Token).ConfigureAwait(false), timer.Token).ConfigureAwait(false);
        }
        catch (DockerApiException answer)
        {
            throw EngineAnswerException.Of(what, answer);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Lost(what, $"no answer within {Durations.Text(limit)}", null);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or SocketException or TimeoutException or ObjectDisposedException)
        {
            ct.ThrowIfCancellationRequested();
            throw Lost(what, Why(fault), fault);
        }
    }

    public void Dispose()
    {
        session?.Dispose();
        gate.Dispose();
    }

    /// <summary>The library looks for the first line of an answer that never came.</summary>
    private static string Why(Exception fault) => fault.InnerException switch
    {
        null => fault.Message,
        InvalidOperationException => "the connection ended before the engine had answered",
        var inner => inner.Message,
    };

    private EnvironmentException Lost(string what, string detail, Exception? fault)
    {
        // Calls under way may still hold the session: it is left to the garbage collector, as this happens rarely.
        session = null;
        return new EnvironmentException(ReasonCode.EngineUnavailable, $"engine at {Endpoint}: {what}: {detail}", fault);
    }

    private Uri Endpoint => settings.Endpoint ?? new Uri(OperatingSystem.IsWindows() ? "npipe://./pipe/docker_engine" : "unix:///var/run/docker.sock");

    private async Task<EngineSession> OpenAsync(CancellationToken ct)
    {
        if (session is { } open)
        {
            return open;
        }

        await gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            return session ??= await NegotiateAsync(ct).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<EngineSession> NegotiateAsync(CancellationToken ct)
    {
        var transport = EngineTransport.Create(Endpoint, settings);
        var raw = new HttpClient(transport.Handler) { BaseAddress = transport.EffectiveEndpoint, Timeout = Timeout.InfiniteTimeSpan };
        var version = await GetAsync(raw, "/version", ct).ConfigureAwait(false);
        var api = EngineSession.Negotiate(Version.Parse(Text(version, "ApiVersion", "1.24")), Version.Parse(Text(version, "MinAPIVersion", "1.24")));
        var client = new DockerClientBuilder().WithEndpoint(Endpoint).WithApiVersion(api).WithTimeout(Timeout.InfiniteTimeSpan)
            .WithAuthProvider(EngineTransport.Authentication(settings)).Build();
        var info = await GetAsync(raw, $"/v{api.Major}.{api.Minor}/info", ct).ConfigureAwait(false);
        var containerd = info?["DriverStatus"]?.ToJsonString().Contains("io.containerd.snapshotter", StringComparison.Ordinal) ?? false;
        return new EngineSession(client, raw, api, containerd, info?["DockerRootDir"]?.GetValue<string>(), $"{Text(version, "Os", "linux")}/{Text(version, "Arch", "")}");
    }

    private static string Text(JsonNode? node, string name, string otherwise) =>
        node?[name]?.GetValue<string>() is { Length: > 0 } text ? text : otherwise;

    private static async Task<JsonNode?> GetAsync(HttpClient raw, string path, CancellationToken ct)
    {
        using var response = await raw.GetAsync(new Uri(path, UriKind.Relative), ct).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        try
        {
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(ct).ConfigureAwait(false));
        }
        catch (JsonException)
        {
            // What the parser stumbled over says less than this, and would be shown in its stead.
            throw new HttpRequestException($"{path} did not answer with JSON: is this a Docker engine?");
        }
    }
}
