using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace Omis.Agent.Control;

/// <summary>Open to everyone who reaches the port: load balancers and monitors seldom bear tokens, and learn only whether all is well.</summary>
internal static class HealthRoutes
{
    /// <param name="problem">Why the service is not ready; null where it is.</param>
    public static ImmutableArray<Route> Of(Func<string?> problem) =>
    [
        new Route("GET", "/livez", context => Replies.TextAsync(context, StatusCodes.Status200OK, "ok")),
        new Route("GET", "/readyz", context => problem() is { } why
            ? Replies.TextAsync(context, StatusCodes.Status503ServiceUnavailable, why)
            : Replies.TextAsync(context, StatusCodes.Status200OK, "ok")),
    ];
}
