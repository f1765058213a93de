using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omis.Agent.Core.Naming;

/// <summary>Why something was skipped, refused, failed or reverted. JSON shows the names in camelCase.</summary>
[JsonConverter(typeof(ReasonCodeJson))]
public enum ReasonCode
{
    UpToDate, UpdateNever, UpdateNotify, LocalImage, DigestPinned, Pinned, Quarantined, Paused, Stopped, BadLabel,
    Disk, RegistryUnavailable, RegistryUnauthorized, ImageNotFound, RateLimited, PullFailed, PlatformMismatch,
    Lossy, CreateFailed, StartFailed, Exited, Restarting, Unhealthy, ProbeFailed, SoakFailed,
    ChangedByOthers, EngineUnavailable, DependencyCycle, Interrupted, Cancelled,

    /// <summary>A notice was given up.</summary>
    NoticeDropped,
}

public static class ReasonCodes
{
    /// <summary>True where the machine's surroundings failed: never an image's fault and never a reason to touch a container.</summary>
    public static bool IsEnvironment(this ReasonCode code) =>
        code is ReasonCode.Disk or ReasonCode.RegistryUnavailable or ReasonCode.RegistryUnauthorized
            or ReasonCode.ImageNotFound or ReasonCode.RateLimited or ReasonCode.PullFailed
            or ReasonCode.PlatformMismatch or ReasonCode.EngineUnavailable;

    /// <summary>False where a look at a new container told of the machine or of people, which says nothing about its image.</summary>
    public static bool BlamesImage(this ReasonCode code) => code is not (ReasonCode.EngineUnavailable or ReasonCode.ChangedByOthers);

    /// <summary>True where an update is or may be waiting. What an operator asked for himself (never, pinned, stopped, local) is no refusal.</summary>
    public static bool IsRefusal(this ReasonCode code) =>
        code is not (ReasonCode.UpToDate or ReasonCode.UpdateNever or ReasonCode.LocalImage or ReasonCode.DigestPinned or ReasonCode.Pinned or ReasonCode.Stopped);

    public static string Text(this ReasonCode code) => JsonNamingPolicy.CamelCase.ConvertName(code.ToString());
}

public sealed class ReasonCodeJson() : JsonStringEnumConverter<ReasonCode>(JsonNamingPolicy.CamelCase);
