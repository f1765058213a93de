using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Omis.Agent.Control.Sockets;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Control;

/// <summary>
/// Who may come in. Those who fail are counted by address, so that nobody guesses for long and a flood of wrong tokens
/// does not lock out who has the right one. No token, right or wrong, is ever logged.
/// </summary>
internal sealed partial class Doorkeeper(Func<AgentSettings> settings, TimeProvider time, ILogger<Doorkeeper> logger)
{
    /// <summary>A caller at the socket may say, escaped as in a URL, whose service it means: two may be set to one path by mistake, and only one has it.</summary>
    public const string StateHeader = "Omis-State-Directory";

    private const int Failures = 20;
    private const double FailuresPerSecond = 0.2;
    private const int Deliveries = 300;
    private const double DeliveriesPerSecond = 10;
    private const int Strangers = 16;

    private readonly FailureCounts failures = new(() => new TokenBucket(Failures, FailuresPerSecond, time));
    private readonly TokenBucket deliveries = new(Deliveries, DeliveriesPerSecond, time);
    private int strangers;

    /// <summary>
    /// Lets in who came by the socket and may open it, and who bears the token. A token is not asked for at the socket, and
    /// no address bears it.
    /// </summary>
    /// <exception cref="RefusedException">401, 403 or 429.</exception>
    public Caller Admit(HttpContext context)
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is { AddressFamily: AddressFamily.Unix } socket)
        {
            return Known(socket, context.Request.Headers[StateHeader]);
        }

        var failed = failures.Of(context.Connection.RemoteIpAddress);
        if (!Secrets.Same(Bearer(context.Request), settings().Control.Token))
        {
            throw Unknown(context, failed);
        }

        Count(context);
        return new Caller(context.Connection.RemoteIpAddress?.ToString() ?? "unknown");
    }

    /// <summary>The socket's mode says the same; but it does not hold where a folder was opened up, or for the moment between bind and chmod.</summary>
    private Caller Known(Socket socket, string? meant)
    {
        var path = socket.LocalEndPoint!.ToString()!;
        var peer = Peer.Of(socket);
        if (UnixFile.Find(path) is { } file && peer.MayOpen(file, UnixFile.Self))
        {
            return meant is null || Uri.UnescapeDataString(meant) == settings().StateDirectory
                ? new Caller(Accounts.User(peer.User))
                : throw new RefusedException(StatusCodes.Status421MisdirectedRequest, "misdirected", $"this is the service of the state in {settings().StateDirectory}");
        }

        Shut(logger, Accounts.User(peer.User));
        throw new RefusedException(StatusCodes.Status403Forbidden, "forbidden", "only root, the agent's own user and members of the socket's group may call here");
    }

    /// <summary>A webhook's body, once its sender has shown or signed with the secret.</summary>
    /// <exception cref="RefusedException">401, 429, or the body cannot be read.</exception>
    public async Task<ReadOnlyMemory<byte>> AdmitWebhookAsync(HttpContext context)
    {
        var failed = failures.Of(context.Connection.RemoteIpAddress);
        if (Bears(context.Request))
        {
            Count(context);
            return await RequestBody.ReadAsync(context, time);
        }

        var signature = Signature(context.Request) ?? throw Unknown(context, failed);
        var body = await ReadOfStrangerAsync(context, failed);
        if (WebhookSecret(settings().Control) is not { } secret || !Secrets.Signs(signature, secret, body.Span))
        {
            throw Unknown(context, failed);
        }

        Count(context);
        return body;
    }

    /// <summary>A signature is known to be right only once the body is there: so few at a time, and none of those who failed often.</summary>
    private async Task<ReadOnlyMemory<byte>> ReadOfStrangerAsync(HttpContext context, TokenBucket failed)
    {
        if (failed.Look() is { } wait)
        {
            throw TooMany(context, wait);
        }

        try
        {
            return Interlocked.Increment(ref strangers) <= Strangers
                ? await RequestBody.ReadAsync(context, time)
                : throw TooMany(context, TimeSpan.FromSeconds(1));
        }
        finally
        {
            Interlocked.Decrement(ref strangers);
        }
    }

    private void Count(HttpContext context)
    {
        if (deliveries.Take() is { } wait)
        {
            throw TooMany(context, wait);
        }
    }

    /// <summary>Docker Hub can neither sign nor send headers, so the secret may stand in the address; there the narrower one only.</summary>
    private bool Bears(HttpRequest request)
    {
        var control = settings().Control;
        var header = Bearer(request);
        return Secrets.Same(header, control.Token) | Secrets.Same(header, control.WebhookSecret) | Secrets.Same(InQuery(request), WebhookSecret(control));
    }

    private static string? WebhookSecret(ControlSettings control) => control.WebhookSecret ?? control.Token;

    private static string? Bearer(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization is [{ } only] ? only : "";
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }

    /// <summary><c>access_token</c> is what CloudEvents calls it. Source: CloudEvents, "HTTP 1.1 Web Hooks", 3.2.</summary>
    private static string? InQuery(HttpRequest request) =>
        request.Query.TryGetValue("token", out var token) || request.Query.TryGetValue("access_token", out token) ? token is [{ } only] ? only : null : null;

    /// <summary>GitHub's header, and the agent's own for notices.</summary>
    private static string? Signature(HttpRequest request) =>
        request.Headers.TryGetValue("X-Hub-Signature-256", out var signature) || request.Headers.TryGetValue("X-Omis-Signature-256", out signature)
            ? signature is [{ } only] ? only : null
            : null;

    private RefusedException Unknown(HttpContext context, TokenBucket failed)
    {
        if (failed.Take() is { } wait)
        {
            return TooMany(context, wait);
        }

        Refused(logger, context.Connection.RemoteIpAddress);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return new RefusedException(StatusCodes.Status401Unauthorized, "unauthorized", "expected 'Authorization: Bearer TOKEN', or for webhooks an X-Hub-Signature-256 made with the secret");
    }

    private static RefusedException TooMany(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString("0", System.Globalization.CultureInfo.InvariantCulture);
        return new RefusedException(StatusCodes.Status429TooManyRequests, "rateLimited", "too many requests; try again later");
    }

    [LoggerMessage(7022, LogLevel.Warning, "A call of {User} at the socket was refused: neither root, nor the agent's own user, nor of the socket's group")]
    private static partial void Shut(ILogger logger, string user);

    [LoggerMessage(7021, LogLevel.Warning, "A request from {Address} was refused: it neither bears the token nor is signed with the secret")]
    private static partial void Refused(ILogger logger, IPAddress? address);
}
