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

            if (fault.Message != last?.Message)
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
