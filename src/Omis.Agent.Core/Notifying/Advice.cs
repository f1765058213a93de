using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Notifying;

/// <summary>What runs now, and the command for what a person may do next.</summary>
public sealed record Advice(string Now, string? Next)
{
    public static Advice Of(RolloutRecord record) => record.Outcome switch
    {
        Outcome.Committed when record.Kind == EntryKind.Rollback => new("what ran before runs again, and stays", $"omis-agent unpin {record.Project}"),
        Outcome.Committed => new("the new images run and are healthy", $"omis-agent rollback {record.Project}"),
        Outcome.Stuck => new("going back could not be completed; it is tried again before every check", "omis-agent status"),
        Outcome.Reverted when record.Kind == EntryKind.Rollback => new("what ran before the rollback runs again", $"omis-agent can-rollback {record.Project}"),
        Outcome.Reverted => new("what ran before runs again", $"omis-agent history --id {record.Id}"),
        Outcome.Refused => new("nothing was touched", OfRefusal(record)),
        _ => new("nothing was touched; what ran goes on", $"omis-agent history --id {record.Id}"),
    };

    private static string OfRefusal(RolloutRecord record) => record.Reason?.Code switch
    {
        ReasonCode.Quarantined => "omis-agent quarantine list",
        ReasonCode.Paused => "omis-agent resume",
        ReasonCode.UpdateNotify => $"omis-agent update {record.Project}",
        _ => "omis-agent plan",
    };
}
