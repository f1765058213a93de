using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Rendering;

namespace Omis.Agent.Hosting;

/// <summary>What the service decided, each thing once and not at every check: a log that repeats itself is not read.</summary>
internal sealed partial class DecisionLog(ServiceManager manager, ILogger<DecisionLog> logger) : IProgress<RolloutEvent>
{
    private const int Shown = 5;

    private ImmutableDictionary<WorkloadId, (ReasonCode, string)> told = ImmutableDictionary<WorkloadId, (ReasonCode, string)>.Empty;
    private string? summary;
    private string? error;

    public void Report(RolloutEvent value)
    {
        manager.Report(value);
        if (value is not (RolloutEvent.Pulling or RolloutEvent.Ended))
        {
            var text = ProgressText.Of(value);
            Happened(logger, text);
        }
    }

    public void Tell(CycleReport report, CycleRequest request)
    {
        manager.After(report);
        TellError(report.Error);
        foreach (var record in report.Rollouts ?? [])
        {
            var level = Level(record.Outcome);
            var why = record.Reason is { } reason ? $": {reason.Code.Text()}: {reason.Detail}" : "";
            Ended(logger, level, record.Project, record.Outcome, record.Id, why);
        }

        if (report.Plan is { } plan)
        {
            TellRefusals(plan.Skipped, request.IsWhole ? null : [.. (report.Seen ?? []).Select(workload => new WorkloadId(workload.Project, workload.Service))]);
            TellSummary(report, request);
        }
    }

    private static LogLevel Level(Outcome outcome) => outcome switch
    {
        Outcome.Committed => LogLevel.Information,
        Outcome.Stuck => LogLevel.Critical,
        Outcome.Reverted => LogLevel.Error,
        _ => LogLevel.Warning,
    };

    private void TellError(Reason? reason)
    {
        var text = reason is null ? null : $"{reason.Code.Text()}: {reason.Detail}";
        if (text is not null && text != error)
        {
            Failing(logger, text);
        }
        else if (text is null && error is not null)
        {
            Recovered(logger);
        }

        error = text;
    }

    /// <param name="judged">What was told of others still holds; of nothing where null.</param>
    private void TellRefusals(ImmutableArray<SkippedWorkload> skipped, ImmutableHashSet<WorkloadId>? judged)
    {
        var now = skipped.Where(skip => skip.Reason.IsRefusal())
            .ToImmutableDictionary(skip => new WorkloadId(skip.Project, skip.Service), skip => (skip.Reason, skip.Detail));
        foreach (var (workload, reason) in now.Where(pair => told.GetValueOrDefault(pair.Key) != pair.Value).OrderBy(pair => pair.Key, WorkloadId.ByName))
        {
            Held(logger, workload.Project, workload.Service, reason.Reason.Text(), reason.Detail);
        }

        told = now.AddRange(told.Where(pair => judged is not null && !judged.Contains(pair.Key)));
    }

    private void TellSummary(CycleReport report, CycleRequest request)
    {
        var seen = report.Seen ?? [];
        var text = $"{Words.Count(seen.Length, "service", "services")} seen, {seen.Count(workload => workload.State == SeenState.UpToDate)} up to date, {seen.Count(workload => workload.State == SeenState.UpdateAvailable)} with an update, {seen.Count(workload => workload.State == SeenState.Unknown)} unknown";
        if (request.Images is { } images)
        {
            Told(logger, Brief(images), text);
        }
        else if (text != summary)
        {
            summary = text;
            Checked(logger, text);
        }
    }

    /// <summary>Names of images keep to a grammar without line breaks, but a caller chooses how many there are.</summary>
    private static string Brief(ImmutableHashSet<ImageHint> images) =>
        string.Join(", ", images.Select(image => image.ToString()).Order(StringComparer.Ordinal).Take(Shown)) + (images.Count > Shown ? $" and {images.Count - Shown} more" : "");

    [LoggerMessage(5051, LogLevel.Information, "{Happening}")]
    private static partial void Happened(ILogger logger, string happening);

    [LoggerMessage(EventId = 5052, Message = "{Project}: {Outcome} (rollout {Rollout}){Reason}")]
    private static partial void Ended(ILogger logger, LogLevel level, string project, Outcome outcome, string rollout, string reason);

    [LoggerMessage(5053, LogLevel.Warning, "{Project}/{Service} is not updated: {Reason}: {Detail}")]
    private static partial void Held(ILogger logger, string project, string service, string reason, string detail);

    [LoggerMessage(5054, LogLevel.Information, "Checked: {Summary}")]
    private static partial void Checked(ILogger logger, string summary);

    [LoggerMessage(5057, LogLevel.Information, "Told of {Images}: {Summary}")]
    private static partial void Told(ILogger logger, string images, string summary);

    [LoggerMessage(5055, LogLevel.Error, "The check failed and nothing was touched: {Problem}; trying again soon")]
    private static partial void Failing(ILogger logger, string problem);

    [LoggerMessage(5056, LogLevel.Information, "Checks work again")]
    private static partial void Recovered(ILogger logger);
}
