using Microsoft.Extensions.Logging;
using Omis.Agent.Configuration;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Hosting;

/// <summary>The config in force: the last good one, whatever the file says meanwhile.</summary>
internal sealed partial class LiveSettings(AgentSettings first, Func<ConfigResult> load, ILogger<LiveSettings> logger) : IDisposable
{
    private CancellationTokenSource changed = new();
    private volatile AgentSettings current = first;

    public AgentSettings Current => current;

    /// <summary>Cancelled when others come into force; asked for anew after that.</summary>
    public CancellationToken Changed => Volatile.Read(ref changed).Token;

    public void Reload()
    {
        var result = load();
        if (result.Settings is not { } settings)
        {
            Refused(logger, string.Join("; ", result.Errors));
        }
        else if (settings.StateDirectory != current.StateDirectory)
        {
            Refused(logger, "state.directory: cannot change while the service runs; restart it");
        }
        else
        {
            current = settings;
            Reloaded(logger);
            Interlocked.Exchange(ref changed, new CancellationTokenSource()).Cancel();
        }
    }

    public void Dispose() => changed.Dispose();

    [LoggerMessage(5031, LogLevel.Information, "The config was read again and is in force")]
    private static partial void Reloaded(ILogger logger);

    [LoggerMessage(5032, LogLevel.Error, "The config was read again and refused; the one before stays in force: {Errors}")]
    private static partial void Refused(ILogger logger, string errors);
}
