using System.Collections.Immutable;
using System.Globalization;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;

namespace Omis.Agent.Core.Gating;

/// <summary>A person asked for quiet. <see cref="Project"/> null means everything; <see cref="Until"/> null means until resumed.</summary>
public sealed record Pause(string? Project, DateTimeOffset? Until, string? Reason, string? Actor, DateTimeOffset Since)
{
    public bool Holds(string project, DateTimeOffset now) =>
        (Project is null || Project == project) && (Until is null || now < Until);
}

public sealed class PauseGate(Func<ImmutableArray<Pause>> pauses) : IGate
{
    public string Name => "pause";

    public Refusal? Judge(RolloutPlan rollout, DateTimeOffset now)
    {
        var projects = rollout.Steps.Select(step => step.Workload.Project).Append(rollout.Project).Distinct();
        var pause = pauses().FirstOrDefault(pause => projects.Any(project => pause.Holds(project, now)));
        return pause is null ? null : new Refusal(ReasonCode.Paused, Text(pause));
    }

    private static string Text(Pause pause) =>
        (pause.Project is null ? "everything is paused" : $"{pause.Project} is paused")
        + (pause.Until is { } until ? " until " + until.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "")
        + (pause.Actor is { } actor ? $" by {actor}" : "")
        + (pause.Reason is { } reason ? $": {reason}" : "");
}
