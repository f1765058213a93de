using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Rendering;

/// <summary>What runs now and what a person might do about it.</summary>
internal static class NextSteps
{
    public static string? Of(RolloutRecord record) => record.Outcome switch
    {
        Outcome.Committed when record.Kind == EntryKind.Rollback => $"it stays there until 'omis-agent unpin {record.Project}'",
        Outcome.Committed => null,
        Outcome.Stuck => $"this needs a person. 'docker ps -a --filter label=omis.agent.rollout={record.Id}' and 'omis-agent status' show what is left; mending it is tried again before anything else is done",
        Outcome.Reverted when record.Kind == EntryKind.Rollback => "what ran before the rollback runs again; nothing is pinned",
        Outcome.Reverted when IsImagesOwn(record.Reason?.Code) => "what ran before runs again. What failed is not tried again until its tag moves; 'omis-agent quarantine list' names it, 'quarantine clear' lets it be tried again",
        Outcome.Reverted => "what ran before runs again. The update is tried again at the next check",
        Outcome.Refused => "nothing was touched",
        _ when record.Kind == EntryKind.Rollback => "nothing was touched; what ran goes on. 'omis-agent can-rollback' tells what is kept here",
        _ => "nothing was touched; what ran goes on. " + Remedy(record.Reason?.Code),
    };

    private static bool IsImagesOwn(ReasonCode? code) =>
        code is ReasonCode.CreateFailed or ReasonCode.StartFailed or ReasonCode.Exited or ReasonCode.Restarting
            or ReasonCode.Unhealthy or ReasonCode.ProbeFailed or ReasonCode.SoakFailed;

    private static string Remedy(ReasonCode? code) => code switch
    {
        ReasonCode.Disk => "Free some disk space, then try again",
        ReasonCode.RegistryUnauthorized => "Check the registry's credentials ('registries' in the config, or docker login), then try again",
        ReasonCode.PlatformMismatch => "Push an image for this machine's platform",
        ReasonCode.ImageNotFound => "Check the image's name and tag",
        _ => "It is tried again at the next check",
    };
}
