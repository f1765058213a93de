using System.Collections.Immutable;
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

    /// <summary>What is wrong with the config that was read last and refused; empty while it is in force.</summary>
    public ImmutableArray<string> Problems { get; private set; } = [];

    public void Reload()
    {
        var result = load();
        Problems = result.Settings is null ? [.. result.Errors.Select(error => error.ToString())]
            : result.Settings.StateDirectory != current.StateDirectory ? ["state.directory: cannot change while the service runs; restart it"]
            : [];
        if (!Problems.IsEmpty)
        {
            Refused(logger, string.Join("; ", Problems));
            return;
        }

        current = result.Settings!;
        Reloaded(logger);
        Interlocked.Exchange(ref changed, new CancellationTokenSource()).Cancel();
    }

    public void Dispose() => changed.Dispose();

    [LoggerMessage(5031, LogLevel.Information, "The config was read again and is in force")]
    private static partial void Reloaded(ILogger logger);

    [LoggerMessage(5032, LogLevel.Error, "The config was read again and refused; the one before stays in force: {Errors}")]
    private static partial void Refused(ILogger logger, string errors);
}
