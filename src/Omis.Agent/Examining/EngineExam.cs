using System.Collections.Immutable;
using System.Net.Sockets;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;
using Omis.Agent.Engine;

namespace Omis.Agent.Examining;

/// <summary>Whether the engine can be reached and spoken to: first the socket's permissions, then the API's version.</summary>
internal sealed class EngineExam(EngineSettings settings, EngineClient engine, TimeProvider time)
{
    private const string Check = "engine";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What the oldest engine speaks that the agent is tried with (20.10).</summary>
    private static readonly Version OldestTried = new(1, 41);

    private string Subject => settings.Endpoint!.OriginalString;

    public async Task<ImmutableArray<Finding>> ExamineAsync(CancellationToken ct)
    {
        var socket = settings.Endpoint!.Scheme == "unix" ? await SocketAsync(settings.Endpoint.LocalPath, ct) : null;
        return socket is { State: FindingState.Failed } ? [socket] : [.. socket is null ? Array.Empty<Finding>() : [socket], await VersionAsync(ct)];
    }

    /// <summary>What a failed connection to a socket means. Source: unix(7), connect(2).</summary>
    public static Finding Of(string path, SocketError error) => error switch
    {
        SocketError.AccessDenied => Finding.Failed("socket", path, $"permission denied to user {Environment.UserName}", $"run as root, or let the user into the socket's group: usermod -aG {GroupOf(path)} {Environment.UserName}"),
        SocketError.ConnectionRefused => Finding.Failed("socket", path, "the socket is there, but nobody listens", "start Docker: systemctl restart docker.socket docker"),
        _ => Finding.Failed("socket", path, $"cannot be connected to ({error})", "see that it is the engine's socket, or set engine.endpoint"),
    };

    private static async Task<Finding> SocketAsync(string path, CancellationToken ct)
    {
        if (!File.Exists(path))
        {
            return Finding.Failed("socket", path, "there is no such socket", "install and start Docker (systemctl enable --now docker), or set engine.endpoint to where it listens");
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
            return Finding.Ok("socket", path, $"user {Environment.UserName} may connect");
        }
        catch (SocketException fault)
        {
            return Of(path, fault.SocketErrorCode);
        }
    }

    private async Task<Finding> VersionAsync(CancellationToken ct)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try
        {
            var version = await engine.ApiVersionAsync(either.Token);
            return version < OldestTried
                ? Finding.Warning(Check, Subject, $"answers, with API {version}", $"the agent is tried with API {OldestTried} and later (Docker 20.10): renew Docker")
                : Finding.Ok(Check, Subject, $"answers; API {version} is spoken");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Finding.Failed(Check, Subject, $"takes the connection and does not answer within {Durations.Text(Patience)}", "see what it is at: journalctl -u docker; then restart it");
        }
        catch (EnvironmentException fault)
        {
            return Finding.Failed(Check, Subject, fault.Message, "see that engine.endpoint (or DOCKER_HOST) is a Docker engine's, and for tcp:// that caFile, certificateFile and keyFile are the engine's own");
        }
    }

    /// <summary>The usual one; only root may ask a file for another without a library's help.</summary>
    private static string GroupOf(string path) => path.Contains("podman", StringComparison.Ordinal) ? "podman" : "docker";
}
