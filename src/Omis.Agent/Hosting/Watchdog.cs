using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Omis.Agent.Hosting;

/// <summary>
/// Feeds systemd's watchdog for as long as the worker gets on. A process that is frozen cannot, and one whose worker hangs
/// does not: systemd then ends it and starts it anew, and the journal of the rollout does the rest. Source: sd_watchdog_enabled(3).
/// </summary>
internal sealed partial class Watchdog : IDisposable
{
    private readonly NotifySocket socket;
    private readonly SignsOfLife life;
    private readonly ILogger<Watchdog> logger;
    private readonly ITimer timer;
    private bool hungry;

    /// <param name="within">The time in which systemd wants to hear of us, which is fed three times in it.</param>
    public Watchdog(NotifySocket socket, TimeSpan within, SignsOfLife life, TimeProvider time, ILogger<Watchdog> logger)
    {
        (this.socket, this.life, this.logger) = (socket, life, logger);
        timer = time.CreateTimer(_ => Feed(), null, TimeSpan.Zero, within / 3);
    }

    /// <returns>Null where no watchdog is wanted, or one of another process.</returns>
    public static TimeSpan? Wanted(IReadOnlyDictionary<string, string> environment, int pid)
    {
        var ours = environment.GetValueOrDefault("WATCHDOG_PID") is not { Length: > 0 } owner || owner == pid.ToString(CultureInfo.InvariantCulture);
        return ours && long.TryParse(environment.GetValueOrDefault("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }

    public void Dispose() => timer.Dispose();

    private void Feed()
    {
        if (life.Beats)
        {
            hungry = false;
            socket.Send("WATCHDOG=1");
        }
        else if (!hungry)
        {
            hungry = true;
            Hangs(logger);
        }
    }

    [LoggerMessage(5091, LogLevel.Critical, "The worker shows no sign of life; the watchdog is not fed any more, so that the service is started anew")]
    private static partial void Hangs(ILogger logger);
}
