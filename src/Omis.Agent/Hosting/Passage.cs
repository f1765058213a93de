using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Hosting;

/// <summary>One pass of the service, alone on its engine.</summary>
internal sealed partial class Passage(LiveSettings settings, Memory memory, Func<AgentSettings, Composition> compose, Announcer announcer, DecisionLog decisions, ILoggerFactory logging) : IDisposable
{
    private readonly ILogger logger = logging.CreateLogger<Passage>();
    private AgentSettings? composed;
    private Composition? parts;

    /// <summary>Hears of each pass when it is over.</summary>
    public Action<CycleReport>? OnTaken { get; init; }

    public async Task<PassageEnd> TakeAsync(CycleRequest request, CancellationToken ct)
    {
        using var alone = memory.Lock.TryTake();
        if (alone is null)
        {
            Busy(logger);
            return PassageEnd.Busy;
        }

        await announcer.SayAsync(ServiceActivity.Checking, null);
        var report = await Parts().Cycle.RunAsync(request, decisions, ct);
        decisions.Tell(report, request);
        await CycleNotes.KeepAsync(memory.Board, report, request, logging);
        OnTaken?.Invoke(report);
        return report.Error is null ? PassageEnd.Looked : PassageEnd.Away;
    }

    public void Dispose() => parts?.Dispose();

    /// <summary>Made anew where the config has changed, and only between two passes.</summary>
    private Composition Parts()
    {
        if (parts is null || composed != settings.Current)
        {
            parts?.Dispose();
            parts = null;
            composed = settings.Current;
            parts = compose(composed);
        }

        return parts;
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
