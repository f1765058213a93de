using Cronos;
using Omis.Agent.Configuration;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Hosting;

/// <summary>When the next check comes. Pure: the clock and the dice are given.</summary>
internal sealed class Schedule(ScheduleSettings settings)
{
    /// <summary>An engine that is away at boot is there soon.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private readonly CronExpression? cron = settings.Cron is { } text ? CronText.TryParse(text) : null;

    /// <param name="dice">From 0 up to 1.</param>
    public DateTimeOffset Next(DateTimeOffset now, double dice) =>
        cron is null
            ? now + (settings.Every * (1 + (settings.Jitter * ((2 * dice) - 1))))
            : cron.GetNextOccurrence(now, settings.TimeZone) ?? DateTimeOffset.MaxValue;

    /// <summary>After a pass that could not even look.</summary>
    public DateTimeOffset Retry(DateTimeOffset now, double dice)
    {
        var next = Next(now, dice);
        return next < now + Soon ? next : now + Soon;
    }
}
