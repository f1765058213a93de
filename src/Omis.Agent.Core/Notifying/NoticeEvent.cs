using System.Text.Json.Serialization;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Notifying;

/// <summary>What a channel may ask to be told.</summary>
[JsonConverter(typeof(CamelCaseJson<NoticeEvent>))]
public enum NoticeEvent
{
    Committed,
    Reverted,
    Stuck,

    /// <summary>An update is held back, or a registry that says what there is broke or recovered.</summary>
    Refused,

    Failed,

    /// <summary>Only to those who ask for it.</summary>
    Started,
}

/// <summary>In rising order.</summary>
[JsonConverter(typeof(CamelCaseJson<Severity>))]
public enum Severity
{
    Info, Warning, Error, Critical,
}
