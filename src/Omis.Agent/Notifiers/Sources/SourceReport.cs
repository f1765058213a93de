using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Notifiers.Sources;

/// <summary>What the place where a commit lies is told of a rollout.</summary>
internal enum Progress
{
    Running,
    Succeeded,

    /// <summary>What ran before runs again.</summary>
    WentBack,

    /// <summary>Before anything was touched, refused for what would be lost included.</summary>
    Failed,
    Stuck,
}

/// <summary>A rollout as the places where its images' commits lie are told of it.</summary>
/// <param name="Rollout">The rollout's own id, the same from its beginning to the end of a stuck one.</param>
internal sealed record SourceReport(string Rollout, string Project, Progress Progress, EntryKind? Kind, ReasonCode? Code, ImmutableArray<StepRecord> Steps)
{
    /// <returns>Null where the notice is about nothing that was built from anywhere.</returns>
    public static SourceReport? Of(Notice notice) => notice switch
    {
        Notice.Begun { Rollout: var begun } => new(begun.Id, begun.Project, Progress.Running, begun.Kind, null, begun.Steps),
        Notice.Ended { Record: var record, Of: var rollout } when Became(record.Outcome) is { } progress => new(rollout, record.Project, progress, record.Kind, record.Reason?.Code, record.Steps),
        _ => null,
    };

    /// <summary>Services that were built from one commit are told of together.</summary>
    /// <param name="repository">From the address that an image names to a repository that is told; null for all others.</param>
    public ImmutableArray<SourceCommit<T>> Commits<T>(Func<Uri, T?> repository, ILogger logger)
        where T : class
    {
        var found = new List<(T Repository, string Revision, string Service)>();
        foreach (var step in Steps.Where(step => step is { Action: StepAction.Recreate, To: not null } && step.To != step.From))
        {
            if (Uri.TryCreate(step.ToOrigin?.Source, UriKind.Absolute, out var source) && step.ToOrigin!.Revision is { } revision && IsCommit(revision) && repository(source) is { } known)
            {
                found.Add((known, revision.ToLowerInvariant(), step.Service));
            }
            else
            {
                SourceLog.Skipped(logger, Project, step.Service);
            }
        }

        return [.. found.GroupBy(one => (one.Repository, one.Revision)).Select(commit => new SourceCommit<T>(commit.Key.Repository, commit.Key.Revision, [.. commit.Select(one => one.Service).Distinct()]))];
    }

    /// <summary>For places that many may be able to read: nothing of a container's, a probe's or a registry's own words.</summary>
    public string Words(string host, IEnumerable<string> services) => $"{Project} on {host}: {What}{(Code is { } code ? $" ({code.Text()})" : "")}; {string.Join(", ", services)}";

    private string What => Progress switch
    {
        Progress.Running => "update started",
        Progress.Succeeded when Kind == EntryKind.Rollback => "rolled back, healthy",
        Progress.Succeeded => "updated, healthy",
        Progress.WentBack => "update REVERTED",
        Progress.Stuck => "STUCK, needs a person",
        _ => "update failed, nothing touched",
    };

    private static Progress? Became(Outcome outcome) => outcome switch
    {
        Outcome.Committed => Progress.Succeeded,
        Outcome.Reverted => Progress.WentBack,
        Outcome.Stuck => Progress.Stuck,
        Outcome.Failed or Outcome.Refused => Progress.Failed,
        _ => null,
    };

    /// <summary>A whole one, SHA-1 or SHA-256: a part of it may mean another commit tomorrow.</summary>
    private static bool IsCommit(string revision) => revision.Length is 40 or 64 && revision.All(char.IsAsciiHexDigit);
}

/// <summary>Services of a rollout that were built from one commit.</summary>
internal sealed record SourceCommit<T>(T Repository, string Revision, ImmutableArray<string> Services);

internal static partial class SourceLog
{
    [LoggerMessage(6011, LogLevel.Debug, "{Project}/{Service}: its image names no commit in a repository that is told of rollouts")]
    public static partial void Skipped(ILogger logger, string project, string service);
}
