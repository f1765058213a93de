using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Omis.Agent.Targets.Compose.Hooks;

/// <summary>A command that compose runs in the container. Source: compose spec, <c>post_start</c> and <c>pre_stop</c>.</summary>
internal sealed record Hook(ImmutableArray<string> Command, string User, bool Privileged, string WorkingDirectory, ImmutableArray<string> Environment)
{
    /// <summary>The body of the request that creates the exec.</summary>
    public JsonObject Exec() => new()
    {
        ["Cmd"] = List(Command),
        ["User"] = User,
        ["Privileged"] = Privileged,
        ["WorkingDir"] = WorkingDirectory,
        ["Env"] = List(Environment),
    };

    private static JsonArray List(ImmutableArray<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}

/// <param name="Unclear">Why it cannot be told which hooks the service has; null where it can.</param>
internal sealed record ServiceHooks(ImmutableArray<Hook> PostStart, ImmutableArray<Hook> PreStop, string? Unclear = null)
{
    public static readonly ServiceHooks None = new([], []);
}
