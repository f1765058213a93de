using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Rollout;

/// <summary>An engine that is gone or a port that is taken may come free again: tried until the token's time is up.</summary>
public sealed partial class Patience(TimeProvider time, ILogger<Patience> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <exception cref="EnvironmentException">The last fault, when the time was up.</exception>
    public async Task<T> KeepTryingAsync<T>(Func<Task<T>> attempt, CancellationToken ct)
    {
        for (EnvironmentException? last = null; ;)
        {
            EnvironmentException fault;
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (EnvironmentException caught)
            {
                fault = caught;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested && last is not null)
            {
                // What stood in the way all the time tells more than that the time was up.
                throw last;
            }

            if (Gist(fault) != Gist(last))
            {
                TryingAgain(logger, fault.Message);
            }

            last = fault;
            if (!await WaitAsync(ct).ConfigureAwait(false))
            {
                throw fault;
            }
        }
    }

    /// <summary>Engines name a new id in every attempt's fault.</summary>
    private static string? Gist(EnvironmentException? fault) => fault is null ? null : Ids().Replace(fault.Message, "");

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Ids();

    private async Task<bool> WaitAsync(CancellationToken ct)
    {
        try
        {
            await Task.Delay(Pause, time, ct).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(1013, LogLevel.Warning, "Going back is tried again: {Problem}")]
    private static partial void TryingAgain(ILogger logger, string problem);
}
