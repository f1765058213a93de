using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Core.Settings;
using Omis.Agent.Notifiers;
using Omis.Agent.Notifiers.Ping;

namespace Omis.Agent.Hosting;

/// <summary>Lets the dead-man's switch hear of each cycle. It never holds up the next one.</summary>
internal sealed class Pulse(TimeProvider time, ILoggerFactory logging) : IDisposable
{
    private readonly Poster poster = new(time);
    private PingSender? sender;
    private Task last = Task.CompletedTask;

    /// <summary>A beat whose forerunner is still under way is left out.</summary>
    public Task Beat(NotifySettings settings, CycleReport report, CancellationToken ct)
    {
        if (!settings.Pings.IsEmpty && last.IsCompleted)
        {
            sender ??= new PingSender(poster, logging.CreateLogger<PingSender>());
            last = SendAsync(sender, settings, Problem(report), ct);
        }

        return last;
    }

    public void Dispose() => poster.Dispose();

    private static async Task SendAsync(PingSender sender, NotifySettings settings, string? problem, CancellationToken ct)
    {
        try
        {
            await sender.SendAsync(settings.Pings, problem, ct);
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>A cycle is bad where it could not look, or left something stuck.</summary>
    private static string? Problem(CycleReport report) =>
        report.Error is { } error ? error.Code.Text()
        : report.Rollouts?.FirstOrDefault(record => record.Outcome == Outcome.Stuck) is { } stuck ? $"{stuck.Project} is stuck"
        : null;
}
