using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Kit;

/// <param name="Action">create, start, kill, die, stop, rename, destroy, …; those of HEALTHCHECKs and exec are left out.</param>
public sealed record EngineEvent(long TimeNano, string Action, string ContainerId, string Name)
{
    private static readonly string[] Touches = ["kill", "stop", "die", "pause", "unpause", "restart", "rename", "update", "destroy", "start"];

    /// <summary>Whether something was done to the container that whoever looks after it would notice.</summary>
    public bool IsTouch => Touches.Contains(Action);

    public override string ToString() => $"{Action} {Name}";

    /// <summary>Null where a HEALTHCHECK or the like speaks.</summary>
    internal static EngineEvent? Of(JsonNode json)
    {
        var action = json["Action"]!.GetValue<string>();
        return action.Contains(':', StringComparison.Ordinal) ? null : new EngineEvent(
            json["timeNano"]!.GetValue<long>(),
            action,
            json["Actor"]!["ID"]!.GetValue<string>(),
            json["Actor"]!["Attributes"]!["name"]!.GetValue<string>());
    }
}
