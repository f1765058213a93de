using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Control;

/// <summary>
/// Who may come in. Those who fail are counted by address, so that nobody guesses for long and a flood of wrong tokens
/// does not lock out who has the right one. No token, right or wrong, is ever logged.
/// </summary>
internal sealed partial class Doorkeeper(Func<ControlSettings> settings, TimeProvider time, ILogger<Doorkeeper> logger)
{
    private const int Failures = 20;
    private const double FailuresPerSecond = 0.2;
    private const int Deliveries = 300;
    private const double DeliveriesPerSecond = 10;
    private const int Strangers = 16;

    private readonly FailureCounts failures = new(() => new TokenBucket(Failures, FailuresPerSecond, time));
    private readonly TokenBucket deliveries = new(Deliveries, DeliveriesPerSecond, time);
    private int strangers;

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
        if (WebhookSecret(settings()) is not { } secret || !Secrets.Signs(signature, secret, body.Span))
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
        var control = settings();
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
        return new RefusedException(StatusCodes.Status401Unauthorized, "unauthorized", "expected 'Authorization: Bearer TOKEN', or an X-Hub-Signature-256 made with the secret");
    }

    private static RefusedException TooMany(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString("0", System.Globalization.CultureInfo.InvariantCulture);
        return new RefusedException(StatusCodes.Status429TooManyRequests, "rateLimited", "too many requests; try again later");
    }

    [LoggerMessage(7021, LogLevel.Warning, "A request from {Address} was refused: it neither bears the token nor is signed with the secret")]
    private static partial void Refused(ILogger logger, IPAddress? address);
}
