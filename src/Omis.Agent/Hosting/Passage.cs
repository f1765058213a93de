using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Hosting;

/// <summary>One pass of the service, alone on its engine.</summary>
internal sealed partial class Passage(Workbench bench, Memory memory, Announcer announcer, DecisionLog decisions, ILoggerFactory logging)
{
    private readonly ILogger logger = logging.CreateLogger<Passage>();

    /// <summary>See each pass's events besides the log.</summary>
    public ImmutableArray<IProgress<RolloutEvent>> Watchers { get; init; } = [];

    /// <summary>Hears of each pass when it is over.</summary>
    public Action<CycleReport, CycleRequest>? OnTaken { get; init; }

    /// <param name="watcher">Sees this pass's events only.</param>
    /// <returns>Null where another process has the engine.</returns>
    public async Task<CycleReport?> TakeAsync(CycleRequest request, IProgress<RolloutEvent>? watcher, CancellationToken ct)
    {
        using var alone = memory.Lock.TryTake();
        if (alone is null)
        {
            Busy(logger);
            return null;
        }

        await announcer.SayAsync(ServiceActivity.Checking, null);
        using var place = bench.Take();
        var fan = new Fan([decisions, .. Watchers, .. watcher is null ? Array.Empty<IProgress<RolloutEvent>>() : [watcher]]);
        var report = await place.Parts.Cycle.RunAsync(request, fan, ct);
        decisions.Tell(report, request);
        await CycleNotes.KeepAsync(memory.Board, report, request, logging);
        OnTaken?.Invoke(report, request);
        return report;
    }

    [LoggerMessage(5041, LogLevel.Warning, "Another process is rolling out on this engine; this check is left out")]
    private static partial void Busy(ILogger logger);
}

internal enum PassageEnd
{
    Looked,

    /// <summary>The engine or the state could not be asked.</summary>
    Away,

    /// <summary>Another process had the engine.</summary>
    Busy,
}
