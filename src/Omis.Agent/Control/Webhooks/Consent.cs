using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Omis.Agent.Control.Webhooks;

/// <summary>
/// A sender of CloudEvents asks beforehand whether it may send. It may: that lets nobody in, since each delivery has to
/// show the secret. Source: CloudEvents, "HTTP 1.1 Web Hooks", 4; Azure Event Grid, "Endpoint validation with CloudEvents schema".
/// </summary>
internal static partial class Consent
{
    /// <summary>A minute.</summary>
    private const string Rate = "600";

    public static Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.Allow = "POST, OPTIONS";
        if (context.Request.Headers["WebHook-Request-Origin"] is [{ } origin] && Origin().IsMatch(origin))
        {
            response.Headers["WebHook-Allowed-Origin"] = origin;
            response.Headers["WebHook-Allowed-Rate"] = Rate;
        }

        response.StatusCode = StatusCodes.Status200OK;
        response.ContentLength = 0;
        return Task.CompletedTask;
    }

    /// <summary>A DNS name, or <c>*</c>.</summary>
    [GeneratedRegex(@"^(?:\*|[A-Za-z0-9._\-]{1,253})\z")]
    private static partial Regex Origin();
}
