using System.Text.Json.Nodes;
using System.Web;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>Narrows a listing of containers to those of one test.</summary>
internal static class EngineScope
{
    public static HttpHead Apply(string? scope, EngineCall call, HttpHead request)
    {
        if (scope is null || call is not { Method: "GET", Path: "/containers/json" })
        {
            return request;
        }

        var query = HttpUtility.ParseQueryString(call.Query);
        var filters = JsonNode.Parse(query["filters"] ?? "{}")!.AsObject();

        // A filter's values are a list or the keys of an object, and the engine takes no mixture. Who asks for names
        // already knows them; several names in one filter would be either-or.
        filters["name"] ??= filters.Any(filter => filter.Value is JsonObject) ? new JsonObject { ["^/?" + scope] = true } : new JsonArray("^/?" + scope);
        query["filters"] = filters.ToJsonString();
        return request.WithTarget($"{request.Target.Split('?')[0]}?{query}");
    }
}
