using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Omis.Agent.Core.Gating;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Hosting;

/// <summary>What <c>status</c> shows.</summary>
internal sealed record StatusReport
{
    public required ServiceActivity Service { get; init; }

    /// <summary>The service's process; null where none runs.</summary>
    public int? Pid { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTimeOffset? NextCheckAt { get; init; }

    /// <summary>The mistakes of a config that the service refused while it ran; null where the config is in force.</summary>
    public ImmutableArray<string>? ConfigRefused { get; init; }

    public CycleMark? LastCycle { get; init; }

    /// <summary>Databases that were set aside as damaged, by file name, until a person removes the files; left out where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImmutableArray<string> SetAside { get; init; }

    public required ImmutableArray<Pause> Pauses { get; init; }

    /// <summary>Channels that have yet to get something; null where every one has it all.</summary>
    public ImmutableArray<Backlog>? Notices { get; init; }

    public required ImmutableArray<ProjectStatus> Projects { get; init; }
}

internal sealed record CycleMark(string Id, DateTimeOffset At, Reason? Error);

internal sealed record ProjectStatus(string Project, ProjectState State, ImmutableArray<BlockedService> Blocked, ImmutableArray<ParkedContainer> Parked)
{
    /// <summary>Of a rollout that is open.</summary>
    public string? Rollout { get; init; }

    /// <summary>Why it is stuck.</summary>
    public string? Detail { get; init; }
}

internal sealed record BlockedService(string Service, ReasonCode Reason, string Detail);

internal sealed record ParkedContainer(string Service, string Name, string ContainerId, string Rollout);

[JsonConverter(typeof(CamelCaseJson<ProjectState>))]
internal enum ProjectState
{
    Idle,

    /// <summary>An update is there and may not be rolled out; <see cref="ProjectStatus.Blocked"/> says why.</summary>
    Blocked,

    Paused,

    RollingOut,

    /// <summary>A rollout was left half done, and is ended before the next cycle.</summary>
    Interrupted,

    /// <summary>Needs a person.</summary>
    Stuck,
}
