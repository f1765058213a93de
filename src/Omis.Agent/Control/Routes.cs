using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace Omis.Agent.Control;

/// <param name="Path">In full: there are few, and none has a part that varies.</param>
internal sealed record Route(string Method, string Path, RequestDelegate Answer);

/// <summary>Which route a request means.</summary>
internal sealed class Routes(ImmutableArray<Route> routes)
{
    private readonly FrozenDictionary<string, ImmutableArray<Route>> paths =
        routes.GroupBy(route => route.Path).ToFrozenDictionary(path => path.Key, path => path.ToImmutableArray(), StringComparer.Ordinal);

    /// <exception cref="RefusedException">There is nothing at that path, or not by that method.</exception>
    public RequestDelegate Find(HttpRequest request)
    {
        if (!paths.TryGetValue(request.Path.Value ?? "", out var there))
        {
            throw new RefusedException(StatusCodes.Status404NotFound, "notFound", "there is nothing at this path");
        }

        if (there.FirstOrDefault(route => route.Method == request.Method) is { } found)
        {
            return found.Answer;
        }

        var methods = string.Join(", ", there.Select(route => route.Method));
        request.HttpContext.Response.Headers.Allow = methods;
        throw new RefusedException(StatusCodes.Status405MethodNotAllowed, "methodNotAllowed", $"this path takes {methods}");
    }
}
